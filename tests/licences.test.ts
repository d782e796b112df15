import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './support/temporary.js';

const check = async (...lockFile: string[]) => {
  const run = promisify(execFile)(process.execPath, ['scripts/licences.mjs', ...lockFile]);
  return run.catch((error: unknown) => error as { stderr: string });
};

type Packages = Record<string, Record<string, unknown>>;

describe('npm run licences', () => {
  it('finds that all that is delivered is permissive, scriptless and known by its hash', async () => {
    expect((await check()).stderr).toBe('');
  });

  it.each([
    ['a licence that asks for more', { license: 'GPL-3.0' }, 'has the licence GPL-3.0'],
    ['no licence', { license: undefined }, 'has the licence (none named)'],
    ['more than one licence', { license: '(MIT AND GPL-3.0)' }, 'has the licence'],
    ['a script', { hasInstallScript: true }, 'runs a script when it is installed'],
    ['no hash', { integrity: undefined }, 'has no integrity hash'],
  ])('refuses a package with %s', async (_what, change, expected) => {
    const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as { packages: Packages };
    Object.assign(lock.packages['node_modules/fastify']!, change);
    const file = join(await temporaryFolder(), 'package-lock.json');
    await writeFile(file, JSON.stringify(lock));
    expect((await check(file)).stderr).toContain(`node_modules/fastify ${expected}`);
  });

  it('leaves the choice between licences to us', async () => {
    const file = join(await temporaryFolder(), 'package-lock.json');
    const one = { license: '(MIT OR GPL-3.0)', integrity: 'sha512-x' };
    await writeFile(file, JSON.stringify({ packages: { 'node_modules/a': one } }));
    expect((await check(file)).stderr).toBe('');
  });
});

describe('npm ci', () => {
  it('installs no package that is not the one of the lock file', async () => {
    const folder = await temporaryFolder();
    const write = (name: string, json: unknown) =>
      writeFile(join(folder, name), JSON.stringify(json));
    // What it has in its cache is known by its hash, too.
    const npm = async (...args: string[]) =>
      promisify(execFile)('npm', [...args, '--offline', '--cache', await temporaryFolder()], {
        cwd: folder,
      });
    await mkdir(join(folder, 'a'));
    await write('a/package.json', { name: 'a', version: '1.0.0' });
    await npm('pack', './a');
    await write('package.json', {
      name: 'b',
      version: '1.0.0',
      dependencies: { a: 'file:a-1.0.0.tgz' },
    });
    await npm('install', '--package-lock-only');
    await npm('ci');
    await write('a/package.json', { name: 'a', version: '1.0.0', description: 'Another' });
    await npm('pack', './a');
    await expect(npm('ci')).rejects.toThrow('EINTEGRITY');
  });
});

describe('npm sbom, as docs/security.md has it', () => {
  it('tells what is delivered, with licences and hashes, from the lock file alone', async () => {
    const [, command = ''] =
      /`npm (sbom [^`]*)`/.exec(await readFile('docs/security.md', 'utf8')) ?? [];
    const { stdout } = await promisify(execFile)('npm', [...command.split(' '), '--offline'], {
      maxBuffer: 2 ** 26,
    });
    const { components } = JSON.parse(stdout) as { components: Component[] };
    const delivered = components.filter(
      ({ properties = [] }) =>
        !properties.some(({ name }) => name === 'cdx:npm:package:development'),
    );
    for (const { name, licenses, hashes } of delivered) {
      expect([name, licenses?.length, hashes?.length]).toEqual([name, 1, 1]);
    }
    // Of several copies of one version npm lists one, which it may mark as of development.
    const refs = new Set(components.map((component) => component['bom-ref']));
    const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
      packages: Packages;
    };
    const missing = Object.entries(packages)
      .filter(([path, { dev, peer }]) => path !== '' && !dev && !peer)
      .map(([path, { version }]) => `${path.replace(/.*node_modules\//, '')}@${String(version)}`)
      .filter((ref) => !refs.has(ref));
    expect(missing).toEqual([]);
  });

  it('would leave out GraphQL with --omit dev, as long as npm does', async () => {
    const run = async (...args: string[]) =>
      (await promisify(execFile)('npm', args, { maxBuffer: 2 ** 26 })).stdout;
    // Said of npm 11 only.
    if (!(await run('--version')).startsWith('11.')) return;
    const format = ['--sbom-format', 'cyclonedx', '--package-lock-only', '--offline'];
    const { components } = JSON.parse(await run('sbom', ...format, '--omit', 'dev')) as {
      components: Component[];
    };
    const names = components.map(({ name }) => name);
    for (const name of ['graphql', 'pg', 'postgres']) expect(names).not.toContain(name);
  });
});

interface Component {
  name: string;
  'bom-ref': string;
  licenses?: unknown[];
  hashes?: unknown[];
  properties?: { name: string }[];
}
