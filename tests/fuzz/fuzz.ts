/** `npm run fuzz`: random requests to a server of its own; exit code 1 where one of them does harm. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { createSchema } from '../../src/graph/schema.ts';
import { startPostgres } from '../support/postgres.ts';
import { binariesOf } from '../support/postgresBinaries.ts';
import type { Attack } from './attacks/attack.ts';
import { assault, attacks, maxTurnMs } from './attacks/attacks.ts';
import { fullScale } from './attacks/base.ts';
import { fuzz } from './campaign.ts';
import { startSubject } from './subject.ts';

const help = `npm run fuzz -- [options]

  --seed <n>      which requests are made up (1), and those of
                  attacks (each its own)
  --count <n>     how many valid requests, and as many broken ones (10000)
  --warm-up <n>   how many of both before the heap is measured (2500)
  --attack <names> only these attacks, such as A1,A9 (all of them, and random requests)
  --server <file> the program that is attacked: dist/cli.js of another build (of this one)
  --postgres      on a PostgreSQL that npm brought along, instead of the embedded database
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    attack: { type: 'string' },
    server: { type: 'string' },
    count: { type: 'string', default: '10000' },
    'warm-up': { type: 'string', default: '2500' },
    postgres: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(help);
else await main();

// Private:

async function main(): Promise<void> {
  const selected = values.attack?.split(',');
  const unknown = selected?.find((name) => !attacks.some((each) => each.name === name));
  if (unknown !== undefined) throw new Error(`--attack ${unknown}: one of A1 to A9`);
  const chosen = attacks.filter(({ name }) => selected?.includes(name) ?? true);
  const folder = await mkdtemp(join(tmpdir(), 'chancery-fuzz-'));
  const binaries = values.postgres ? binariesOf('18') : undefined;
  const server = binaries ? await startPostgres(binaries) : undefined;
  try {
    if (!values.attack && !values.server) {
      const env = server
        ? { DATABASE_URL: await databaseIn(server.url) }
        : { CHANCERY_DATA_DIR: join(folder, 'requests') };
      await sendRandom(env, server ? maxTurnMs.postgres : maxTurnMs.embedded);
    }
    await attack(
      chosen,
      server ? { DATABASE_URL: server.url } : { CHANCERY_DATA_DIR: join(folder, 'attacks') },
      server?.pid(),
      folder,
    );
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function sendRandom(env: Record<string, string>, limit: number): Promise<void> {
  const subject = await startSubject(env);
  try {
    const verdict = await fuzz(createSchema(), subject, {
      seed: Number(values.seed ?? 1),
      count: Number(values.count),
      warmUp: Number(values['warm-up']),
      maxTurnMs: limit,
    });
    for (const [kind, count] of [...verdict.answers].sort(([a], [b]) => a.localeCompare(b))) {
      console.log(`${String(count).padStart(8)}  ${kind}`);
    }
    const growth = (100 * (verdict.heapAfter - verdict.heapBefore)) / verdict.heapBefore;
    console.log(
      `heap: ${megabytes(verdict.heapBefore)} before, ${megabytes(verdict.heapAfter)} after (${growth.toFixed(1)} %)`,
    );
    console.log(
      `longest turn: ${verdict.turn > 0 ? `${verdict.turn.toFixed(0)} ms` : 'below 100 ms, or not measured by this system'}`,
    );
    for (const failure of verdict.failures.slice(0, 20)) console.log(`\n${failure}`);
    if (verdict.failures.length > 0) console.log(subject.logged().slice(-20_000));
    console.log(`seed ${values.seed ?? '1'}: ${verdict.failures.length} did harm`);
    if (verdict.failures.length > 0 || growth > 20) process.exitCode = 1;
  } finally {
    await subject.stop();
  }
}

async function attack(
  chosen: readonly Attack[],
  env: Record<string, string>,
  database: number | undefined,
  folder: string,
): Promise<void> {
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  const plan = {
    env,
    database,
    folder,
    scale: fullScale,
    cli: values.server,
    seed,
    judges: true,
  };
  for await (const {
    attack,
    answers,
    turn,
    wait,
    work,
    growth,
    others,
    clock,
    failures,
  } of assault(chosen, plan)) {
    console.log(`\n${attack.name}, seed ${seed ?? attack.seed}: ${attack.what}`);
    console.log(`  answers: ${listed(answers)}`);
    console.log(`  others: ${listed(others)}`);
    console.log(
      `  others by the clock: ${clock.alone.toFixed(1)} ms alone, ${clock.beside.toFixed(1)} ms beside it in the median; /health at most ${clock.health.toFixed(0)} ms`,
    );
    console.log(
      `  longest turn: ${turn < 0 ? 'not measured by this system' : `${turn.toFixed(0)} ms of processor time`}`,
    );
    console.log(
      `  others waited for: ${wait < 0 ? 'not measured by this system' : `${wait.toFixed(0)} ms of processor time in the median`}`,
    );
    console.log(
      `  work: ${work < 0 ? 'not measured by this system' : `${(work / 1000).toFixed(1)} s of processor time of the server and its database`}`,
    );
    console.log(
      `  memory: ${growth < 0 ? 'not measured by this system' : `${megabytes(growth)} above idle`}`,
    );
    for (const failure of failures.slice(0, 5)) console.log(`  FAILED: ${failure}`);
    if (failures.length > 0) process.exitCode = 1;
  }
}

/** The attacks want a base that random changes have not been to. */
async function databaseIn(url: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  await sql`create database requests`;
  await sql.end();
  return url.replace(/[^/]*$/, 'requests');
}

function listed(counts: Map<string, number>): string {
  return [...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ');
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
