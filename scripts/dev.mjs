// Builds at each change and starts the server anew.
import { spawn } from 'node:child_process';

const node = (...args) => spawn(process.execPath, args, { stdio: 'inherit' });
const children = [
  node(
    'node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.build.json',
    '--watch',
    '--preserveWatchOutput',
  ),
  node('--watch', 'dist/cli.js', 'serve'),
];
process.on('SIGINT', () => children.forEach((child) => child.kill()));
