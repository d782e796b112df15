/** `npm run bench -- import N`: how fast N records come in, come in again, and go out. */
import { execFileSync } from 'node:child_process';
import { chmodSync, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** Measures on an empty database at `url`, or on the embedded one. Returns a table in Markdown. */
export async function measureImport(
  url: string | undefined,
  count: number,
  node: string,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-import-'));
  try {
    const file = join(folder, 'records.jsonl');
    await writeRecords(file, count);
    const env = {
      ...process.env,
      ...(url ? { DATABASE_URL: url } : { CHANCERY_DATA_DIR: join(folder, 'data') }),
    };
    const rows: string[] = [];
    const run = async (what: string, ...args: string[]) => {
      const { seconds, megabytes } = await timed(node, args, env);
      const rate = Math.round(count / seconds).toLocaleString('en');
      rows.push(`| ${what} | ${seconds.toFixed(1)} | ${rate} | ${Math.round(megabytes)} |`);
      return seconds;
    };
    execFileSync(node, [cli, 'migrate'], { env, stdio: 'ignore' });
    const seconds = await run('import', 'import', file);
    await run('import again', 'import', file);
    await run('export', 'export', '-o', join(folder, 'all.jsonl'));
    if (url) {
      const bare = await copyInto(url, folder);
      const rate = Math.round(count / bare).toLocaleString('en');
      rows.push(`| the same rows by COPY into bare tables | ${bare.toFixed(1)} | ${rate} | – |`);
      rows.push(`| import vs COPY | | ${(bare / seconds).toFixed(2)}× | |`);
    }
    const head = '| | seconds | records a second | peak MB |\n| --- | ---: | ---: | ---: |';
    return `${head}\n${rows.join('\n')}\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Private:

/** Runs the command line; the highest resident memory is known on Linux only. */
async function timed(node: string, args: string[], env: NodeJS.ProcessEnv) {
  const start = performance.now();
  const child = spawn(node, [cli, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  let megabytes = Number.NaN;
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      megabytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
    } catch {
      // It has ended, or this is no Linux.
    }
  }, 200);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`chancery ${args[0]} ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, megabytes };
}

/** What PostgreSQL can take at most: all rows by COPY, without an index, a key or a check. */
async function copyInto(url: string, folder: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  chmodSync(folder, 0o777);
  try {
    const tables = await sql<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public'`;
    let seconds = 0;
    for (const { name } of tables) {
      const file = join(folder, `${name}.copy`);
      await sql.unsafe(`create schema if not exists bare`);
      await sql.unsafe(`create table bare."${name}" as table public."${name}" with no data`);
      await sql.unsafe(`copy (select * from public."${name}") to '${file}'`);
      const start = performance.now();
      await sql.unsafe(`copy bare."${name}" from '${file}'`);
      seconds += (performance.now() - start) / 1000;
    }
    return seconds;
  } finally {
    await sql.end();
  }
}

/** Records of every kind, in the order in which an export has them. */
async function writeRecords(file: string, count: number): Promise<void> {
  const stream = createWriteStream(file);
  for (const record of records(count)) {
    if (!stream.write(`${JSON.stringify(record)}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

const words =
  'agreement council minister office region policy summit trade security border talks visit'.split(
    ' ',
  );

function* records(count: number): Generator<object> {
  const [places, organizations, people, offices, articles, positions, statements] = [
    0.02, 0.05, 0.15, 0.1, 0.15, 0.13, 0.4,
  ].map((share) => Math.round(count * share)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const random = randomNumbers();
  const word = (i: number) => words[i % words.length] ?? '';
  const day = () =>
    `${2000 + random(24)}-${String(1 + random(12)).padStart(2, '0')}-${String(1 + random(28)).padStart(2, '0')}`;
  for (let i = 0; i < places; i++) {
    const isCountry = i < 200;
    yield {
      type: 'Place',
      slug: `place-${i}`,
      name: `Place ${i}`,
      kind: isCountry ? 'COUNTRY' : 'CITY',
      ...(!isCountry && { within: `place-${i % 200}` }),
      identifiers: { geonames: String(i) },
    };
  }
  for (let i = 0; i < organizations; i++) {
    yield {
      type: 'Organization',
      slug: `organization-${i}`,
      name: `Council of ${word(i)} ${i}`,
      kind: 'COMMITTEE',
      names: [{ name: `C${i}`, kind: 'ACRONYM' }],
      identifiers: { wikidata: `Q${1 + i}` },
      home: `place-${random(places)}`,
      ...(i > 100 && { parent: `organization-${random(100)}` }),
    };
  }
  for (let i = 0; i < people; i++) {
    yield {
      type: 'Person',
      slug: `person-${i}`,
      name: `Ann ${word(i)} ${i}`,
      birthDate: String(1930 + random(60)),
      identifiers: { wikidata: `Q${1_000_000_000 + i}` },
    };
  }
  for (let i = 0; i < offices; i++) {
    yield {
      type: 'Office',
      slug: `office-${i}`,
      name: `Office ${i}`,
      organization: `organization-${random(organizations)}`,
      kind: 'LIAISON',
      place: `place-${random(places)}`,
      statuses: [{ status: 'OPEN', start: day() }],
    };
  }
  for (let i = 0; i < articles; i++) {
    const talk = Array.from({ length: 120 }, (_, k) => word(i + k * 5 + random(3))).join(' ');
    yield {
      type: 'Article',
      slug: `article-${i}`,
      title: `Report ${i} on ${word(i)}`,
      publisher: `organization-${random(Math.min(50, organizations))}`,
      language: 'en',
      url: `https://news.example/${i}`,
      publishedOn: day(),
      body: `“We agree on ${word(i)}”, said the first. “Nothing is decided”, said the second. “Talks go on”, said the third.\n\n${talk}.`,
      mentions: [{ entity: `person-${random(people)}`, ranges: [[1, 3]] }],
    };
  }
  for (let i = 0; i < positions; i++) {
    yield {
      type: 'Position',
      person: `person-${i % people}`,
      organization: `organization-${random(organizations)}`,
      title: `Secretary ${i}`,
      kind: 'OFFICIAL',
      start: day(),
    };
  }
  for (let i = 0; i < statements; i++) {
    const article = Math.floor((i * articles) / statements);
    const said = [`We agree on ${word(article)}`, 'Nothing is decided', 'Talks go on'][i % 3];
    yield {
      type: 'Statement',
      article: `article-${article}`,
      speaker: `person-${random(people)}`,
      kind: 'DIRECT',
      text: said,
      about: [`organization-${random(organizations)}`],
      saidOn: day(),
      references: [{ exact: `"${said}"` }],
    };
  }
}

/** Whole numbers below a bound that look random and are the same at every run. */
function randomNumbers(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
