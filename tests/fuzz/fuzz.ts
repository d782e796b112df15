/** `npm run fuzz`: random requests to a server of its own; exit code 1 where one of them does harm. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSchema } from '../../src/graph/schema.ts';
import { startPostgres } from '../support/postgres.ts';
import { binariesOf } from '../support/postgresBinaries.ts';
import { fuzz } from './campaign.ts';
import { startSubject } from './subject.ts';

const help = `npm run fuzz -- [options]

  --seed <n>      which requests are made up (1)
  --count <n>     how many valid requests, and as many broken ones (10000)
  --warm-up <n>   how many of both before the heap is measured (2500)
  --postgres      on a PostgreSQL that npm brought along, instead of the embedded database
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
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
  const folder = await mkdtemp(join(tmpdir(), 'chancery-fuzz-'));
  const binaries = values.postgres ? binariesOf('18') : undefined;
  const server = binaries ? await startPostgres(binaries) : undefined;
  const subject = await startSubject(
    server ? { DATABASE_URL: server.url } : { CHANCERY_DATA_DIR: folder },
  );
  try {
    const verdict = await fuzz(createSchema(), subject, {
      seed: Number(values.seed),
      count: Number(values.count),
      warmUp: Number(values['warm-up']),
    });
    for (const [kind, count] of [...verdict.answers].sort(([a], [b]) => a.localeCompare(b))) {
      console.log(`${String(count).padStart(8)}  ${kind}`);
    }
    const growth = (100 * (verdict.heapAfter - verdict.heapBefore)) / verdict.heapBefore;
    console.log(
      `heap: ${megabytes(verdict.heapBefore)} before, ${megabytes(verdict.heapAfter)} after (${growth.toFixed(1)} %)`,
    );
    for (const failure of verdict.failures.slice(0, 20)) console.log(`\n${failure}`);
    if (verdict.failures.length > 0) console.log(subject.logged().slice(-20_000));
    console.log(`${verdict.failures.length} did harm`);
    if (verdict.failures.length > 0 || growth > 20) process.exitCode = 1;
  } finally {
    await subject.stop();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
