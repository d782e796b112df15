/**
 * `npm run test:long`: what takes longer than the CI may, one after the other: random and hostile
 * requests, restarts of the database, statement plans on a million records, half an hour's load.
 */
import { spawnSync } from 'node:child_process';

/** Seeds other than those of the CI. */
const steps = [
  { command: ['npm', 'run', 'fuzz', '--', '--seed', '2'] },
  { command: ['npm', 'run', 'fuzz', '--', '--postgres', '--seed', '3'] },
  { command: ['npm', 'run', 'restarts', '--', '100'] },
  {
    command: ['npx', 'vitest', 'run', '--project', 'ci', 'tests/database/plans.test.ts'],
    env: { CHANCERY_PLANS_AT: '1000000' },
  },
  {
    command: ['npx', 'vitest', 'run', '--project', 'fast', 'tests/curation/audit.test.ts'],
    env: { SEEDS: '11,12,13,14,15,16,17,18,19,20' },
  },
  { command: 'npm run bench -- stress soak --seconds 1800 --statements 10000'.split(' ') },
];

const failed = [];
for (const { command, env } of steps) {
  const [program = '', ...args] = command;
  const title = command.join(' ');
  console.log(`\n${title}`);
  const startedAt = Date.now();
  const { status } = spawnSync(program, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  console.log(`${title}: ${status === 0 ? 'passed' : 'failed'} in ${minutes(startedAt)}`);
  if (status !== 0) failed.push(title);
}
if (failed.length > 0) {
  console.error(`\nfailed: ${failed.join('; ')}`);
  process.exit(1);
}

// Private:

function minutes(startedAt) {
  return `${((Date.now() - startedAt) / 60_000).toFixed(1)} minutes`;
}
