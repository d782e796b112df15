/**
 * Starts the benchmark on any Node.js that the project runs on: brings along what is measured
 * against, and a Node.js that runs TypeScript as it is and PostGraphile (22.18 or newer).
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

const installed = `${folder}node_modules/.package-lock.json`;
if (
  !existsSync(installed) ||
  statSync(installed).mtimeMs < statSync(`${folder}package-lock.json`).mtimeMs
) {
  process.stderr.write('installing what is measured against …\n');
  run('npm', ['ci', '--ignore-scripts'], folder);
}
run('npm', ['run', 'build'], fileURLToPath(new URL('..', import.meta.url)));

function isNewEnough([major = 0, minor = 0]) {
  return major > 22 || (major === 22 && minor >= 18);
}
const brought = `${folder}node_modules/node-${process.platform}-${process.arch}/bin/node`;
const node = isNewEnough(process.versions.node.split('.').map(Number))
  ? process.execPath
  : existsSync(brought)
    ? brought
    : undefined;
if (!node) {
  process.stderr.write(
    `The benchmark needs Node.js 22.18 or newer, and npm has none for ${process.platform}-${process.arch}; this is ${process.version}.\n`,
  );
  process.exit(2);
}
const child = spawn(node, [`${folder}bench.ts`, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
