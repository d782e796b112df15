// Builds the package: the code, the entry for clients, and the data folder that new embedded databases begin with.
import { spawnSync } from 'node:child_process';

const steps = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  ['scripts/makeClient.mjs'],
  ['scripts/makeTemplate.mjs'],
];
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
