/** The package as npm packs it, installed in an empty folder and embedded there. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const run = promisify(execFile);

const canReachRegistry = await run('npm', ['ping'], { timeout: 30_000 }).then(
  () => true,
  () => false,
);

it('has the form that package managers and bundlers expect', async () => {
  const { messages } = await publint({ pkgDir: '.', strict: true });
  expect(messages.map((message) => formatMessage(message, packageJson))).toEqual([]);
});

describe.skipIf(!canReachRegistry)('the package (the registry of npm can be reached)', () => {
  let folder: string;
  let app: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chancery-install-'));
    app = join(folder, 'app');
    await mkdir(app);
    await writeFile(join(app, 'package.json'), '{ "private": true, "type": "module" }');
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder]);
    const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz')) ?? '';
    const options = ['--omit=dev', '--no-audit', '--no-fund', '--ignore-scripts'];
    await run('npm', ['install', ...options, join(folder, tarball)], { cwd: app });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const evaluate = async (code: string): Promise<string> => {
    const { stdout } = await run('node', ['--input-type=module', '--eval', code], { cwd: app });
    return stdout.trim();
  };

  it('brings one copy of graphql and of Pothos, which the app imports too', async () => {
    const files = await readdir(join(app, 'node_modules'), { recursive: true });
    for (const name of ['graphql', '@pothos/core']) {
      const copies = files.filter((file) => file.endsWith(`${name}/package.json`));
      expect(copies.filter((file) => !/\/(esm|dts)\//.test(file))).toEqual([
        `${name}/package.json`,
      ]);
    }
    const code = `
      import { GraphQLSchema } from 'graphql';
      import { createChancery } from 'chancery';
      const chancery = await createChancery({ database: { inMemory: true } });
      console.log(chancery.schema instanceof GraphQLSchema);
      await chancery.close();`;
    expect(await evaluate(code)).toBe('true');
  });

  it('is embedded: a handler of Node.js answers a query', async () => {
    const code = `
      import { createServer } from 'node:http';
      import { createChancery } from 'chancery';
      const chancery = await createChancery({ database: { inMemory: true }, sample: true });
      const server = createServer(chancery.handler).listen(0, async () => {
        const response = await fetch('http://localhost:' + server.address().port + '/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: '{ organization(slug: "nato") { name } }' }),
        });
        console.log(await response.text());
        server.close().closeAllConnections();
        await chancery.close();
      });`;
    expect(JSON.parse(await evaluate(code))).toEqual({ data: { organization: { name: 'NATO' } } });
  });

  it('has the schema, the form of the stream and the manual', async () => {
    const code = `
      import { existsSync } from 'node:fs';
      import { fileURLToPath } from 'node:url';
      for (const file of ['schema.graphql', 'stream.schema.json', 'package.json'])
        if (!existsSync(fileURLToPath(import.meta.resolve('chancery/' + file)))) throw new Error(file);`;
    await evaluate(code);
    expect(await readdir(join(app, 'node_modules/chancery/docs'))).toContain('embedding.md');
  });
});
