import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, run, serve, stop, type RunningServer } from '../support/command.js';
import { sampleFolder } from '../support/temporary.js';

describe('chancery serve, with nothing set', () => {
  let dataDir: string;
  let server: RunningServer;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'chancery-'));
    server = await serve({ CHANCERY_DATA_DIR: dataDir });
  });
  afterAll(async () => {
    await stop(server.process, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  it('says where it listens, which database it uses and where to click', () => {
    expect(server.greeting).toMatch(
      /^Chancery answers at http:\/\/localhost:\d+\/graphql from the embedded PostgreSQL in \S+\. Open http:\/\/localhost:\d+\/graphql in a browser to explore\.\n$/,
    );
  });

  it('answers from the sample', async () => {
    const { status, body } = await post(
      server.origin,
      '{ organization(slug: "nato") { offices(filter: { kind: [LIAISON], status: [OPEN] }) { totalCount } } }',
    );
    expect(status).toBe(200);
    expect(body).toEqual({ data: { organization: { offices: { totalCount: 7 } } } });
  });

  it('answers GET as well, in both media types', async () => {
    const url = `${server.origin}/graphql?query=${encodeURIComponent('{ place(slug: "tokyo") { name } }')}`;
    for (const type of ['application/json', 'application/graphql-response+json']) {
      const response = await fetch(url, { headers: { accept: type } });
      expect(response.headers.get('content-type')).toContain(type);
      expect(await response.json()).toEqual({ data: { place: { name: 'Tokyo' } } });
    }
  });

  it('shows GraphiQL to browsers, with nothing from elsewhere', async () => {
    const response = await fetch(`${server.origin}/graphql`, { headers: { accept: 'text/html' } });
    const page = await response.text();
    expect(page).toContain('LiaisonOffices');
    expect(page).not.toMatch(/(src|href)="?https?:/);
  });

  it('is healthy and ready', async () => {
    for (const [path, status] of [
      ['health', 'ok'],
      ['ready', 'ready'],
    ] as const) {
      const response = await fetch(`${server.origin}/${path}`);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status });
    }
  });

  it.each([
    ['broken JSON', 'POST', '/graphql', '{"query": ', 'application/json', 400],
    ['an empty object', 'POST', '/graphql', '{}', 'application/json', 400],
    ['null', 'POST', '/graphql', 'null', 'application/json', 400],
    ['a number', 'POST', '/graphql', '1', 'application/json', 400],
    [
      'a list of operations',
      'POST',
      '/graphql',
      '[{"query":"{__typename}"}]',
      'application/json',
      400,
    ],
    ['a form', 'POST', '/graphql', 'query={__typename}', 'application/x-www-form-urlencoded', 415],
    [
      'a body of 2 MB',
      'POST',
      '/graphql',
      JSON.stringify({ query: ' '.repeat(2_000_000) }),
      'application/json',
      413,
    ],
    ['another method', 'PUT', '/graphql', '{}', 'application/json', 405],
    ['another path', 'GET', '/nowhere', undefined, 'application/json', 404],
  ])('rejects %s with a clear error', async (_what, method, path, body, type, status) => {
    const response = await fetch(server.origin + path, {
      method,
      headers: { 'content-type': type },
      ...(body === undefined ? {} : { body }),
    });
    expect(response.status).toBe(status);
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    expect(errors[0]?.message).toMatch(/\w+/);
    expect(JSON.stringify(errors)).not.toMatch(/\.js:\d+|node_modules/);
  });

  it('rejects a second server on the same folder and names the owner', async () => {
    const second = await run(['serve'], { CHANCERY_DATA_DIR: dataDir, PORT: '0' });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`is in use by process ${server.process.pid}`);
    expect(second.stderr).not.toMatch(/\n\s+at /);
  });

  it('finishes running requests on SIGTERM, and starts again with the same data', async () => {
    const query = JSON.stringify({ query: '{ offices { totalCount } }' });
    const running = request(`${server.origin}/graphql`, {
      method: 'POST',
      // A client that keeps its connection must not keep the server from ending.
      agent: new Agent({ keepAlive: true }),
      headers: {
        'content-type': 'application/json',
        'content-length': query.length,
        expect: '100-continue',
      },
    });
    const answered = once(running, 'response') as Promise<[IncomingMessage]>;
    running.flushHeaders();
    await once(running, 'continue');
    running.write(query.slice(0, 10));
    const code = stop(server.process);
    await sleep(200);
    running.end(query.slice(10));
    const [response] = await answered;
    expect(response.statusCode).toBe(200);
    expect(await text(response)).toContain('"totalCount"');
    expect(await code).toBe(0);
    server = await serve({ CHANCERY_DATA_DIR: dataDir });
    const { body } = await post(server.origin, '{ articles { totalCount } }');
    expect(body).toEqual({ data: { articles: { totalCount: 1 } } });
  });
});

describe('chancery, used wrongly', () => {
  it('names all wrong settings at once, with what was expected', async () => {
    const { code, stderr } = await run(['serve'], {
      PORT: 'x',
      LOG_LEVEL: 'loud',
      CHANCERY_SAMPLE: 'maybe',
      DATABASE_URL: 'mysql://me:secret@host/db',
    });
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toEqual(
      [
        'chancery: DATABASE_URL must be an address such as postgres://user:password@host:5432/database',
        'chancery: CHANCERY_SAMPLE must be on or off, but is "maybe"',
        'chancery: PORT must be a whole number from 0 to 65535, but is "x"',
        'chancery: LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, but is "loud"',
      ].sort((a, b) => order(stderr, a) - order(stderr, b)),
    );
    expect(stderr).not.toContain('secret');
  });

  it('says which option or argument it does not know', async () => {
    for (const [args, message] of [
      [
        ['serve', '--wrokers', '2'],
        "chancery: unknown option '--wrokers'\n(Did you mean --workers?)",
      ],
      [['import'], "chancery: missing required argument 'file'"],
      [['imprt'], "chancery: unknown command 'imprt'\n(Did you mean import?)"],
    ] as const) {
      const { code, stderr } = await run([...args], {});
      expect(stderr.trim()).toBe(`${message}\n(chancery --help shows usage)`);
      expect(code).toBe(2);
    }
  });

  it('says in one line that a port is taken', async () => {
    const blocker = createServer().listen(0, 'localhost');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as AddressInfo;
    const { code, stderr } = await run(['serve'], {
      PORT: String(port),
      CHANCERY_DATA_DIR: await sampleFolder(),
    });
    blocker.close();
    expect(code).toBe(2);
    expect(stderr).toBe(
      `chancery: port ${port} of localhost is in use by another program; stop it, or set PORT to another port\n`,
    );
  });

  it('says that a database is out of reach, with host and port but without the password', async () => {
    const { code, stderr } = await run(['migrate'], {
      DATABASE_URL: 'postgres://me:secret@localhost:1/kb',
      DATABASE_WAIT_SECONDS: '1',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot reach PostgreSQL at localhost:1\/kb yet: .*ECONNREFUSED/);
    expect(stderr).toMatch(
      /\nchancery: cannot use PostgreSQL at localhost:1\/kb: .*ECONNREFUSED.*\n$/,
    );
    expect(stderr).not.toMatch(/secret|\n\s+at /);
  });

  it('checks a dossier without making anything', async () => {
    const dataDir = join(tmpdir(), `chancery-absent-${process.pid}`);
    const { code, stdout } = await run(['check', 'sample/nato-office-in-japan.yaml'], {
      CHANCERY_DATA_DIR: dataDir,
    });
    expect(stdout).toBe('sample/nato-office-in-japan.yaml: no mistakes\n');
    expect(code).toBe(0);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('teaches with --help', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const word of ['serve', 'migrate', 'import', 'check', 'DATABASE_URL', 'Exit codes']) {
      expect(stdout).toContain(word);
    }
  });

  it('rejects an unknown command', async () => {
    const { code, stderr } = await run(['destroy']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'destroy'");
  });
});

const order = (text: string, line: string) => text.indexOf(line);
