/** `npm run release`, run in a small repository with a remote and a registry of its own. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary.js';

describe('npm run release -- --dry-run', () => {
  it('checks, packs, and tells what would be published and tagged', async () => {
    const { release, git } = await repository();
    const { code, stdout } = await release('--dry-run');
    expect(code).toBe(0);
    for (const check of ['schema:changes', 'check', 'test:ci', 'licences', 'check:install'])
      expect(stdout).toContain(`ran ${check}`);
    expect(stdout).toMatch(/example-0\.1\.0\.tgz: 11 files, \d+ kB, as expected/);
    expect(stdout).toContain('would publish example@0.1.0 to npm as "latest"');
    expect(stdout).toMatch(
      /as v0\.1\.0, with the notes:\n\nThe first release\.\n\n### Model\n\n- People$/m,
    );
    expect(await git('tag')).toBe('');
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('leaves checks out only where it is told to, and only for a dry run', async () => {
    const { release } = await repository();
    const dry = await release('--dry-run', '--skip-checks');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).not.toContain('ran check');
    expect(await release('--skip-checks')).toMatchObject({
      code: 1,
      stderr: 'release: --skip-checks is for --dry-run only: a release is always checked\n',
    });
    expect((await release('--dryrun')).stderr).toContain("release: Unknown option '--dryrun'");
  });

  it('reports every condition that is not met at once, before anything is built', async () => {
    const { release, git, write } = await repository();
    await git('switch', '--quiet', '--create', 'work');
    await git('tag', 'v0.1.0');
    await write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n\n## 0.0.9\n\n- Older\n');
    await write('package-lock.json', '{ "version": "0.0.9", "packages": {} }');
    const { code, stdout, stderr } = await release('--dry-run');
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'release: package-lock.json has the version 0.0.9, package.json 0.1.0: run npm install',
      'release: the first section of CHANGELOG.md is "Unreleased"; it must be "0.1.0", the version of package.json',
      'release: the first section of CHANGELOG.md is empty',
      'release: the branch is "work"; releases are made from main',
      'release: the working tree has changes; commit or stash them:',
      ' M CHANGELOG.md',
      ' M package-lock.json',
      'release: the tag v0.1.0 exists already',
    ]);
    expect(stdout).not.toContain('ran check');
  });

  it('stops at a check that fails', async () => {
    const { release, script } = await repository();
    await script('licences', 'exit 3');
    const { code, stdout, stderr } = await release('--dry-run');
    expect([code, stderr]).toEqual([1, expect.stringContaining('release: npm run licences fails')]);
    expect(stdout).not.toContain('as expected');
  });

  it.each([
    ['a file more', 'touch dist/left.js', 'dist/left.js is packed, and must not be'],
    ['a file less', 'rm dist/index.d.ts', 'dist/index.d.ts is not packed'],
  ])('refuses a tarball with %s than the sources make', async (_what, change, expected) => {
    const { release, script } = await repository();
    await script('prepare', `node build.mjs && ${change}`);
    expect(await release('--dry-run')).toMatchObject({ code: 1, stderr: `release: ${expected}\n` });
  });

  it('does not pack what an earlier build has left', async () => {
    const { release, write } = await repository();
    await write('dist/old.js', '');
    expect(await release('--dry-run')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('npm run release', () => {
  it('publishes what it packed, then pushes the tag with the notes', async () => {
    const { release, git, registry } = await repository();
    const { code, stdout } = await release();
    expect(code).toBe(0);
    expect(stdout).toContain('Released example@0.1.0, tagged v0.1.0');
    expect(registry.published).toEqual([{ version: '0.1.0', tags: { latest: '0.1.0' } }]);
    expect(await git('ls-remote', 'origin', 'refs/tags/v0.1.0')).toContain('refs/tags/v0.1.0');
    expect(await git('tag', '--list', '--format=%(contents)', 'v0.1.0')).toBe(
      'v0.1.0\n\nThe first release.\n\n### Model\n\n- People',
    );
  });

  it('gives a pre-release to those only who ask for the next version', async () => {
    const { release, registry, version } = await repository();
    await version('0.2.0-rc.1');
    expect(await release()).toMatchObject({ code: 0 });
    expect(registry.published).toEqual([{ version: '0.2.0-rc.1', tags: { next: '0.2.0-rc.1' } }]);
  });

  it('needs a main that is pushed, a version that is new and a login', async () => {
    const { release, git, registry, write } = await repository();
    registry.versions.push('0.1.0');
    registry.user = undefined;
    await write('README.md', 'Changed');
    await git('commit', '--quiet', '--all', '--message', 'Change');
    const { code, stderr } = await release();
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'release: main differs from main of origin',
      'release: npm is not logged in: run npm login',
      'release: example@0.1.0 is published already',
    ]);
    expect(registry.published).toEqual([]);
  });

  it('says so where the remote cannot be read', async () => {
    const { release, git } = await repository();
    await git('remote', 'remove', 'origin');
    expect((await release()).stderr).toContain('release: git cannot read the remote "origin"');
  });

  it('leaves no tag where publishing fails', async () => {
    const { release, git, registry } = await repository();
    registry.rejects = true;
    const { code, stderr } = await release();
    expect(code).toBe(1);
    expect(stderr).toContain(
      'release: npm publish fails; nothing is published, and the tag is removed',
    );
    expect(await git('tag')).toBe('');
  });

  it('tells how to push the tag where that fails after the version was published', async () => {
    const { release, write } = await repository();
    await write('../origin.git/hooks/pre-receive', '#!/bin/sh\nexit 1\n', 0o755);
    const { code, stderr } = await release();
    expect(code).toBe(1);
    expect(stderr).toContain('run git push origin v0.1.0');
  });
});

// Private:

const run = promisify(execFile);

/** A repository that could be released, pushed to a remote beside it. */
async function repository() {
  const base = await temporaryFolder();
  const [folder, remote] = [join(base, 'work'), join(base, 'origin.git')];
  const registry = await npmRegistry();
  const env = {
    PATH: process.env['PATH'],
    HOME: base,
    npm_config_registry: registry.url,
    npm_config_userconfig: join(base, 'npmrc'),
    npm_config_cache: join(base, 'cache'),
    npm_config_update_notifier: 'false',
    npm_config_fetch_retries: '0',
    GIT_CONFIG_GLOBAL: join(base, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const git = async (...args: string[]) =>
    (await run('git', args, { cwd: folder, env })).stdout.trimEnd();
  const write = async (name: string, text: string, mode = 0o644) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text, { mode });
  };
  const commit = async () => {
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'Change');
    await git('push', '--quiet', 'origin', 'main');
  };
  const manifest = {
    name: 'example',
    version: '0.1.0',
    files: ['dist', 'drizzle', 'sample', 'schema.graphql', '.env.example', 'CHANGELOG.md'],
    scripts: {
      prepare: 'node build.mjs',
      'schema:changes': 'echo ran schema:changes',
      check: 'echo ran check',
      'test:ci': 'echo ran test:ci',
      licences: 'echo ran licences',
      'check:install': 'echo ran check:install',
    } as Record<string, string>,
  };
  const writeManifest = async () => {
    const { version } = manifest;
    await write('package.json', JSON.stringify(manifest));
    await write('package-lock.json', JSON.stringify({ version, packages: { '': { version } } }));
  };
  await write('../gitconfig', '[user]\n  name = Ann\n  email = ann@example.org\n');
  await write('../npmrc', `//${registry.host}/:_authToken=secret\n`);
  await writeManifest();
  await write('.gitignore', 'dist/\n');
  await write('CHANGELOG.md', changelog('0.1.0'));
  await write('build.mjs', build);
  for (const name of ['.env.example', 'LICENSE', 'README.md', 'schema.graphql'])
    await write(name, 'x');
  for (const name of ['sample/a.yaml', 'drizzle/1/migration.sql', 'src/index.ts'])
    await write(name, 'x');
  await run('git', ['init', '--quiet', '--bare', remote], { env });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('remote', 'add', 'origin', remote);
  await commit();
  return {
    git,
    write,
    registry,
    release: async (...options: string[]) => {
      const script = resolve('scripts/release.mjs');
      const ended = run(process.execPath, [script, ...options], { cwd: folder, env });
      return ended.then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        (error: unknown) => error as { code: number; stdout: string; stderr: string },
      );
    },
    /** Commits and pushes another command for a script. */
    script: async (name: string, command: string) => {
      manifest.scripts[name] = command;
      await writeManifest();
      await commit();
    },
    version: async (version: string) => {
      manifest.version = version;
      await writeManifest();
      await write('CHANGELOG.md', changelog(version));
      await commit();
    },
  };
}

const changelog = (version: string): string =>
  `# Changelog\n\n## ${version}\n\nThe first release.\n\n### Model\n\n- People\n\n## 0.0.9\n\n- Older\n`;

const build = `import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist', { recursive: true });
for (const end of ['.js', '.js.map', '.d.ts']) writeFileSync('dist/index' + end, '');
console.log('built');
`;

/** As much of npm's registry as a release asks. */
async function npmRegistry() {
  const state = {
    user: 'ann' as string | undefined,
    versions: [] as string[],
    rejects: false,
    published: [] as { version: string; tags: Record<string, string> }[],
  };
  const server: Server = createServer((request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method === 'PUT') {
      void json(request).then((body) => {
        if (state.rejects) return answer(403, { error: 'not allowed' });
        const sent = body as { versions: object; 'dist-tags': Record<string, string> };
        const [version = ''] = Object.keys(sent.versions);
        state.published.push({ version, tags: sent['dist-tags'] });
        answer(201, { ok: true });
      });
    } else if (request.url === '/-/whoami') {
      if (state.user) answer(200, { username: state.user });
      else answer(401, { error: 'not logged in' });
    } else if (state.versions.length === 0) answer(404, { error: 'not found' });
    else {
      const versions = Object.fromEntries(
        state.versions.map((version) => [version, { name: 'example', version, dist: {} }]),
      );
      answer(200, { name: 'example', 'dist-tags': { latest: state.versions[0] }, versions });
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { host, url: `http://${host}/` });
}
