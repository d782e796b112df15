import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { answerOf, connected } from '../mcp/client.js';
import { post, run, serve, stop, type RunningServer } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';
import { execute } from '../support/endpoint.js';
import { temporaryFolder } from '../support/temporary.js';
import { RawSocket, socketClient } from '../support/webSocket.js';
import { openDatabase } from '../../src/database/open.js';
import type { Database } from '../../src/database/database.js';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { eventually } from '../support/waiting.js';

describeOnEachServer('chancery serve with workers', ({ engine, newDatabase }) => {
  let url: string;
  beforeAll(async () => {
    url = await newDatabase();
  });

  describe('while it answers', () => {
    let server: RunningServer;
    let log: Log;
    let database: Database;
    beforeAll(async () => {
      // The database has no table yet.
      server = await twoWorkers({ DATABASE_URL: url, CHANCERY_WORKERS: '5' }, '--workers', '2');
      log = logOf(server);
      await log.until(() => log.workers().length === 2);
      database = await openDatabase({ url });
    });
    afterAll(async () => {
      await database.close();
      await stop(server.process, 'SIGKILL');
    });

    it('says where, and by how many; --workers goes before CHANCERY_WORKERS', () => {
      expect(server.greeting).toMatch(
        /^Chancery answers at http:\/\/127\.0\.0\.1:\d+\/graphql with 2 workers from the PostgreSQL [^\n]* in a browser to explore\.\n$/,
      );
    });

    it('answers at one port from several processes', async () => {
      for (let i = 0; i < 4; i++) expect(await (await hold(server)).finish()).toEqual(answer);
      await log.until(() => answering(log).length === 2);
      expect(new Set(answering(log))).toEqual(new Set(log.workers()));
      expect(answering(log)).not.toContain(server.process.pid);
    });

    it('pushes the changes that any worker makes over the WebSockets of all', async () => {
      const { key } = await createApiKey(database, { name: 'ann', role: 'EDITOR' });
      const subscribers = await Promise.all([1, 2].map(() => RawSocket.open(server.origin)));
      for (const socket of subscribers) {
        socket.subscribe('events', 'subscription { changed { recordType } }');
        socket.subscribe('opened', '{ __typename }');
        while ((await socket.next())?.type !== 'complete');
      }
      const editor = socketClient(server.origin, `Bearer ${key}`);
      await editor.execute(
        'mutation { createPerson(input: { name: "Ada" }) { ... on PersonPayload { revision } } }',
      );
      for (const socket of subscribers) {
        expect(await socket.payload('next')).toMatchObject({
          data: { changed: { recordType: 'PERSON' } },
        });
        socket.socket.terminate();
      }
      await editor.client.dispose();
    });

    it('answers agents from each worker, as there are no sessions', async () => {
      const client = await connected(
        new StreamableHTTPClientTransport(new URL(`${server.origin}/mcp`), {
          // A connection for each request, so that either may take it.
          requestInit: { headers: { connection: 'close' } },
        }),
      );
      for (let i = 0; i < 4; i++) {
        const result = await client.callTool({ name: 'entity', arguments: { entity: 'nato' } });
        expect(answerOf(result).json['entity']).toBe('NATO (nato)');
      }
      await log.until(() => {
        const lines = log.lines.filter(({ path }) => path === '/mcp');
        return new Set(lines.map(({ pid }) => pid)).size === 2;
      });
      await client.close();
    });

    it('replaces a worker that is killed; what runs on the other is answered', async () => {
      // Connections are dealt out in turn: one to each.
      const held = [await hold(server), await hold(server)];
      const { victim, successor } = await killOne(log);
      const answers = await Promise.all(held.map(({ finish }) => finish()));
      expect(answers.filter((one) => one !== undefined)).toEqual([answer]);
      expect(log.lines).toContainEqual(
        expect.objectContaining({
          pid: server.process.pid,
          msg: 'a worker ended unexpectedly',
          worker: victim,
          code: null,
          signal: 'SIGKILL',
          pauseMs: 200,
        }),
      );
      await log.until(async () => {
        expect(await (await hold(server)).finish()).toEqual(answer);
        return answering(log).includes(successor);
      });
    });

    it('waits the longer, the more of them died young', async () => {
      const { successor } = await killOne(log, log.workers().at(-1));
      await killOne(log, successor);
      const pauses = log.lines.map(({ pauseMs }) => pauseMs).filter((pause) => pause);
      expect(pauses).toEqual([200, 400, 800]);
    });

    it('comes back at the same port when all workers are killed', async () => {
      const before = log.workers();
      for (const worker of log.living()) process.kill(worker, 'SIGKILL');
      await log.until(() => log.workers().length === before.length + 2);
      expect(await (await hold(server)).finish()).toEqual(answer);
    });

    it('answers running requests on SIGTERM, and exits with 0', async () => {
      const held = [await hold(server), await hold(server)];
      const code = stop(server.process);
      for (const worker of log.living()) await log.until(() => log.has('stopping', worker));
      const answers = await Promise.all(held.map(({ finish }) => finish()));
      expect(answers).toEqual([answer, answer]);
      expect(await code).toBe(0);
      expect(log.lines.at(-1)).toMatchObject({ pid: server.process.pid, msg: 'stopped' });
    });
  });

  it('says once that a port is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    onTestFinished(() => void blocker.close());
    const { port } = blocker.address() as AddressInfo;
    const { code, stderr } = await run(['serve', '--workers', '3'], {
      DATABASE_URL: url,
      HOST: '127.0.0.1',
      PORT: String(port),
    });
    expect(stderr).toBe(
      `chancery: port ${port} of 127.0.0.1 is in use by another program; stop it, or set PORT to another port\n`,
    );
    expect(code).toBe(2);
  });

  // How processes end does not depend on the version of PostgreSQL.
  describe.skipIf(engine === 'PostgreSQL 15')('when it is to end', () => {
    let server: RunningServer;
    const start = async (env?: Record<string, string>) => {
      server = await twoWorkers({ DATABASE_URL: url, ...env });
    };
    afterEach(() => stop(server.process, 'SIGKILL'));

    it('answers what runs when Ctrl-C signals every process', async () => {
      await start();
      const log = logOf(server);
      const held = [await hold(server), await hold(server)];
      const code = stop(server.process, 'SIGINT');
      await log.until(() => log.workers().length === 2);
      for (const worker of log.workers()) process.kill(worker, 'SIGINT');
      for (const worker of log.workers()) await log.until(() => log.has('stopping', worker));
      const answers = await Promise.all(held.map(({ finish }) => finish()));
      expect(answers).toEqual([answer, answer]);
      expect(await code).toBe(0);
    });

    it('cuts off what takes too long, and ends with 1', async () => {
      await start({ SHUTDOWN_SECONDS: '0' });
      const held = await hold(server);
      expect(await stop(server.process)).toBe(1);
      expect(await held.finish()).toBeUndefined();
    });

    it('exits at once, with 1, on a second signal', async () => {
      await start({ SHUTDOWN_SECONDS: '600' });
      const log = logOf(server);
      const held = await hold(server);
      const code = stop(server.process);
      await log.until(() => log.has('stopping', server.process.pid));
      server.process.kill('SIGTERM');
      expect(await code).toBe(1);
      expect(await held.finish()).toBeUndefined();
    });

    it('leaves no worker behind when it is killed', async () => {
      await start();
      const held = [await hold(server), await hold(server)];
      // Resolves when no process holds its output any more, that is when the workers have ended too.
      await stop(server.process, 'SIGKILL');
      expect(await Promise.all(held.map(({ finish }) => finish()))).toEqual([undefined, undefined]);
      await expect(post(server.origin, '{ __typename }')).rejects.toThrow();
    });
  });
});

describeOnEachServer('the points of a client, with workers', ({ engine, newDatabase }) => {
  // Points do not depend on the version of PostgreSQL.
  it.skipIf(engine === 'PostgreSQL 15')('are counted by each worker for itself', async () => {
    const server = await twoWorkers({
      DATABASE_URL: await newDatabase(),
      CHANCERY_RATE_LIMIT: '60',
      LOG_LEVEL: 'warn',
    });
    onTestFinished(() => void stop(server.process));
    const startedAt = performance.now();
    let answered = 0;
    for (let i = 0; i < 200; i++) {
      // A connection of its own, so that either may take it.
      const close = { connection: 'close' };
      const { status } = await execute(server.origin, '{ __typename }', {}, close);
      if (status === 200) answered++;
    }
    expect(answered).toBeGreaterThan(100);
    // Each gives a point back every second.
    const seconds = Math.ceil((performance.now() - startedAt) / 1000);
    expect(answered).toBeLessThanOrEqual(2 * (60 + seconds));
  });
});

describe('chancery serve with workers, on the embedded database', () => {
  it('rejects several workers with advice, and creates nothing', async () => {
    const dataDir = join(await temporaryFolder(), 'knowledge');
    const { code, stderr } = await run(['serve'], {
      CHANCERY_DATA_DIR: dataDir,
      CHANCERY_WORKERS: '2',
    });
    expect(stderr).toBe(
      'chancery: 2 workers cannot share the embedded database, which only one process can open; set DATABASE_URL, or use 1 worker\n',
    );
    expect(code).toBe(2);
    expect(existsSync(dataDir)).toBe(false);
  });

  it.skipIf(availableParallelism() === 1)('says what auto amounts to here', async () => {
    const { code, stderr } = await run(['serve', '--workers', 'auto'], {
      CHANCERY_DATA_DIR: join(await temporaryFolder(), 'knowledge'),
    });
    expect(stderr).toContain(
      `chancery: ${availableParallelism()} workers (auto: one for each core) cannot share the embedded database`,
    );
    expect(code).toBe(2);
  });

  it('is one process with one worker, as without the setting', async () => {
    const server = await serve(
      { CHANCERY_DATA_DIR: await temporaryFolder(), CHANCERY_WORKERS: '3', LOG_LEVEL: 'debug' },
      '--workers',
      '1',
    );
    onTestFinished(() => void stop(server.process, 'SIGKILL'));
    const log = logOf(server);
    await (await hold(server)).finish();
    await log.until(() => answering(log).length === 1);
    expect(answering(log)).toEqual([server.process.pid]);
    expect(server.greeting).toMatch(/\/graphql from the embedded PostgreSQL/);
    expect(await stop(server.process)).toBe(0);
  });

  it.each(['zero', '0', '1.5'])('rejects --workers %s', async (workers) => {
    const { code, stderr } = await run(['serve', `--workers=${workers}`], {});
    expect(stderr).toBe(
      `chancery: CHANCERY_WORKERS must be a whole number from 1 to 256, or auto, but is "${workers}"\n`,
    );
    expect(code).toBe(2);
  });
});

const twoWorkers = (env: Record<string, string>, ...options: string[]) =>
  serve({ HOST: '127.0.0.1', CHANCERY_WORKERS: '2', LOG_LEVEL: 'debug', ...env }, ...options);

interface LogLine {
  pid: number;
  msg?: string;
  path?: string;
  worker?: number;
  code?: number | null;
  signal?: string | null;
  pauseMs?: number;
}

interface Log {
  lines: LogLine[];
  /** The processes that have listened so far, the oldest first. */
  workers(): number[];
  /** Those of them whose end was not logged. */
  living(): number[];
  /** Whether a process, by its id, has written this message. */
  has(message: string, pid: number | undefined): boolean;
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
}

function logOf({ process }: RunningServer): Log {
  const lines: LogLine[] = [];
  createInterface({ input: process.stdout! }).on('line', (line) =>
    lines.push(JSON.parse(line) as LogLine),
  );
  return {
    lines,
    workers: () => processes(lines, /^listening at/),
    living: () => {
      const ended = lines.filter(({ msg }) => msg === 'a worker ended unexpectedly');
      return processes(lines, /^listening at/).filter(
        (pid) => !ended.some(({ worker }) => worker === pid),
      );
    },
    has: (message, pid) => lines.some((line) => line.msg === message && line.pid === pid),
    until: (condition) => eventually(async () => expect(await condition()).toBe(true)),
  };
}

/** Kills a worker as the system does when memory runs out, and waits until it is replaced. */
async function killOne(log: Log, victim = log.living()[0]!) {
  const before = log.workers();
  process.kill(victim, 'SIGKILL');
  await log.until(() => log.workers().length === before.length + 1);
  const successor = log.workers().at(-1)!;
  expect(before).not.toContain(successor);
  await log.until(() =>
    log.lines.some(({ msg, worker }) => msg === 'a worker was replaced' && worker === successor),
  );
  return { victim, successor };
}

/** The processes that have answered requests so far. */
const answering = ({ lines }: Log): number[] => processes(lines, /^request$/);

const processes = (lines: LogLine[], message: RegExp): number[] => [
  ...new Set(lines.filter(({ msg }) => message.test(msg ?? '')).map(({ pid }) => pid)),
];

const query = JSON.stringify({ query: '{ articles { totalCount } }' });
const answer = { status: 200, text: '{"data":{"articles":{"totalCount":1}}}' };

/**
 * Sends the head of a request over a connection of its own, and waits until a worker asks for
 * the body. `finish` sends that and resolves to the answer, undefined when the connection broke.
 */
async function hold({ origin }: RunningServer) {
  const running = request(`${origin}/graphql`, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': 'application/json',
      'content-length': query.length,
      expect: '100-continue',
    },
  });
  running.on('error', () => {});
  const response = (once(running, 'response') as Promise<[IncomingMessage]>).then(
    async ([message]) => ({ status: message.statusCode, text: await text(message) }),
    () => undefined,
  );
  running.flushHeaders();
  await once(running, 'continue');
  return {
    finish: () => {
      running.end(query);
      return response;
    },
  };
}
