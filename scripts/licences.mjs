/**
 * Lists the licences of what Chancery is delivered with, and fails where one asks for more than
 * to be named, where a package runs a script when it is installed, or where the lock file does
 * not say which bytes a package must have.
 *
 *     npm run licences
 */
import { readFileSync } from 'node:fs';

const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

const [lockFile = 'package-lock.json'] = process.argv.slice(2);
const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
const installed = Object.entries(packages).filter(([path]) => path !== '');
const delivered = installed.filter(([, { dev, devOptional }]) => !dev && !devOptional);

const problems = [
  ...installed
    .filter(([, { integrity, link }]) => !integrity && !link)
    .map(([path]) => `${path} has no integrity hash in ${lockFile}`),
  ...delivered
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => `${path} runs a script when it is installed`),
  ...delivered
    .filter(([, { license }]) => !isPermissive(license))
    .map(([path, { license }]) => `${path} has the licence ${license ?? '(none named)'}`),
];

for (const licence of new Set(delivered.map(([, { license }]) => license))) {
  const group = delivered.filter(([, { license }]) => license === licence);
  console.log(`${licence}: ${group.map(nameAndVersion).sort().join(', ')}`);
}
console.log(`${delivered.length} packages, ${problems.length} problems`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;

/** `(MIT OR GPL-2.0)` leaves the choice, `MIT AND ISC` does not. */
function isPermissive(expression) {
  const alternatives = String(expression).replace(/[()]/g, '').split(' OR ');
  return alternatives.some((each) => each.split(' AND ').every((name) => permissive.has(name)));
}

function nameAndVersion([path, { version }]) {
  return `${path.split('node_modules/').at(-1)} ${version}`;
}
