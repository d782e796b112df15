import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serveSocket, socketPath } from '../../src/database/embedded/socket.js';
import { post, run, serve, stop, type RunningServer } from '../support/command.js';
import { temporaryFolder } from '../support/temporary.js';

describe('commands beside a running server on the embedded database', () => {
  let folder: string;
  let server: RunningServer;
  const env = () => ({ CHANCERY_DATA_DIR: join(folder, 'data'), CHANCERY_SAMPLE: 'off' });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chancery-'));
    server = await serve(env());
  });
  afterAll(async () => {
    await stop(server.process);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('need a socket that only its owner may use', async () => {
    const { mode } = await stat(socketPath(join(folder, 'data')));
    expect(mode & 0o777).toBe(0o600);
  });

  it('make a key that holds at once, and one revoked does not', async () => {
    const made = await run(['keys', 'create', '--role', 'editor', '--name', 'Ann'], env());
    expect(made.code).toBe(0);
    const key = made.stdout.trim();
    const viewer = async () => {
      const response = await fetch(`${server.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: '{"query":"{ reviewQueue { totalCount } }"}',
      });
      return response.status;
    };
    expect(await viewer()).toBe(200);
    const [line = ''] = (await run(['keys', 'list', '--json'], env())).stdout.split('\n');
    const { id } = JSON.parse(line) as { id: string };
    expect((await run(['keys', 'revoke', id], env())).code).toBe(0);
    expect(await viewer()).toBe(401);
  });

  it('import, and what the server answered before is not kept', async () => {
    const count = async () => {
      const { body } = await post(server.origin, '{ people { totalCount } }');
      return (body as { data: { people: { totalCount: number } } }).data.people.totalCount;
    };
    expect(await count()).toBe(0);
    const file = join(folder, 'ada.jsonl');
    await writeFile(file, '{"type":"Person","slug":"ada-moser","name":"Ada Moser"}\n');
    const { code, stdout } = await run(['import', file], env());
    expect([code, stdout]).toEqual([0, '1 created, 0 changed, 0 unchanged, 0 rejected\n']);
    await expect.poll(count).toBe(1);
  });

  it('check, export, audit, look for duplicates and migrate', async () => {
    const sample = 'sample/nato-office-in-japan.yaml';
    expect(await run(['check', sample], env())).toMatchObject({ code: 0 });
    const out = join(folder, 'all.jsonl');
    expect(await run(['export', '-o', out], env())).toMatchObject({ code: 0 });
    expect((await run(['export'], env())).stdout).toContain('Ada Moser');
    expect(await run(['audit'], env())).toMatchObject({ code: 0 });
    expect(await run(['duplicates'], env())).toMatchObject({ code: 0 });
    const migrated = await run(['migrate'], env());
    expect(migrated).toMatchObject({ code: 0 });
    expect(migrated.stdout + migrated.stderr).toContain('through the server that has it open');
  });

  it('import much, while queries are answered from what is there so far', async () => {
    const file = join(folder, 'many.jsonl');
    const records = Array.from({ length: 400 }, (_, i) => ({
      type: 'Organization',
      slug: `body-${i}`,
      name: `Body ${i}`,
      kind: 'COMMITTEE',
    }));
    await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const seen = new Set<number>();
    const state = { isDone: false };
    const imported = run(['import', file], env()).finally(() => (state.isDone = true));
    while (!state.isDone) {
      const { status, body } = await post(server.origin, '{ organizations { totalCount } }');
      expect(status).toBe(200);
      const { data } = body as { data: { organizations: { totalCount: number } } };
      seen.add(data.organizations.totalCount);
    }
    expect(await imported).toMatchObject({ code: 0 });
    expect([...seen].filter((count) => count > 0 && count < 400).length).toBeGreaterThan(3);
  });

  it('are rejected if they would open the database a second time', async () => {
    const { code, stderr } = await run(['serve'], { ...env(), PORT: '0' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/is in use by process/);
  });
});

describe('the socket of an embedded database', () => {
  let client: PGlite;
  beforeAll(async () => {
    client = await PGlite.create();
    await client.exec('create table note (text text primary key)');
    return () => client.close();
  });

  /** A socket to an empty table, and ways to reach it. */
  async function shared(idleInTransactionTimeoutMs?: number) {
    const folder = await temporaryFolder();
    await client.exec('truncate note');
    const socket = await serveSocket(client, folder, { idleInTransactionTimeoutMs });
    onTestFinished(() => socket.close());
    const connectPg = async () => {
      const connection = new pg.Client({ host: folder, user: 'x', database: 'x' });
      connection.on('error', () => {});
      await connection.connect();
      return connection;
    };
    const notes = async () => {
      const { rows } = await client.query<{ text: string }>('select text from note order by text');
      return rows.map(({ text }) => text);
    };
    return { folder, socket, connectPg, notes };
  }

  it('lets queries of the process wait for the end of a transaction, and never into it', async () => {
    const { connectPg, notes } = await shared();
    const connection = await connectPg();
    await connection.query('begin');
    await connection.query(`insert into note values ('first')`);
    let read: string[] | undefined;
    const reading = notes().then((found) => (read = found));
    await connection.query(`insert into note values ('second')`);
    expect(read).toBeUndefined();
    await connection.query('commit');
    await reading;
    expect(read).toEqual(['first', 'second']);
    await connection.end();
  });

  it('keeps the queries of clients apart that prepare and bind at the same time', async () => {
    const { folder } = await shared();
    const clients = [1, 2, 3].map(() =>
      postgres('postgres://x@localhost/x', { path: join(folder, '.s.PGSQL.5432'), max: 2 }),
    );
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const [row] =
          (await clients[i % 3]?.unsafe<{ n: number }[]>('select $1::int + 1 as n', [i])) ?? [];
        return row?.n;
      }),
    );
    expect(answers).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    await Promise.all(clients.map((sql) => sql.end()));
  });

  it('rolls back what a client left open, and forgets what it prepared', async () => {
    const { connectPg, notes } = await shared();
    const connection = await connectPg();
    await connection.query({ name: 'kept', text: 'select 1' });
    await connection.query('begin');
    await connection.query(`insert into note values ('lost')`);
    connection.connection.stream.destroy();
    expect(await notes()).toEqual([]);
    await expect
      .poll(async () => (await client.query('select * from pg_prepared_statements')).rows)
      .toEqual([]);
  });

  it('goes on after an error in a transaction and in a prepared statement', async () => {
    const { connectPg, notes } = await shared();
    const connection = await connectPg();
    await connection.query('begin');
    await expect(connection.query('select nothing')).rejects.toMatchObject({ code: '42703' });
    await expect(connection.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await connection.query('rollback');
    await connection.query('insert into note values ($1)', ['kept']);
    await expect(connection.query('insert into note values ($1)', ['kept'])).rejects.toMatchObject({
      code: '23505',
    });
    expect(await notes()).toEqual(['kept']);
    await connection.end();
  });

  it('ends a transaction that is left idle', async () => {
    const { connectPg, notes } = await shared(200);
    const connection = await connectPg();
    await connection.query('begin');
    await connection.query(`insert into note values ('lost')`);
    await endOf(connection);
    expect(await notes()).toEqual([]);
  });

  it('delivers notifications of clients to listeners of this process', async () => {
    const { connectPg } = await shared();
    const received: string[] = [];
    await client.listen('news', (payload) => received.push(payload));
    const connection = await connectPg();
    await connection.query(`notify news, 'good'`);
    await expect.poll(() => received).toEqual(['good']);
    await connection.end();
  });

  it('ends connections that send what is no message, and serves the others', async () => {
    const { folder, connectPg } = await shared();
    const good = await connectPg();
    const startup = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]);
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
      Buffer.from([0, 0, 0, 8, 0, 2, 0, 0]),
      Buffer.concat([startup, Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff, 0])]),
      Buffer.concat([startup, Buffer.from([0x51, 0, 0, 0, 1, 0])]),
    ]) {
      const raw = connect(socketPath(folder));
      raw.on('error', () => {});
      raw.write(bytes);
      raw.resume();
      await once(raw, 'close');
    }
    // Half a message, and then nothing: no other client waits for it.
    const half: Socket = connect(socketPath(folder));
    half.write(startup.subarray(0, 5));
    await sleep(20);
    expect((await good.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    half.destroy();
    await good.end();
  });

  it('answers clients that request encryption first', async () => {
    const { folder } = await shared();
    const raw = connect(socketPath(folder));
    raw.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
    const [answer] = (await once(raw, 'data')) as [Buffer];
    expect(answer.toString()).toBe('N');
    raw.destroy();
  });

  it('closes with clients connected, in a transaction or not', async () => {
    const { socket, connectPg, notes } = await shared();
    const [idle, busy] = [await connectPg(), await connectPg()];
    await busy.query('begin');
    await busy.query(`insert into note values ('lost')`);
    const ended = Promise.all([endOf(idle), endOf(busy)]);
    await socket.close();
    await ended;
    expect(await notes()).toEqual([]);
  });

  it('says why there can be none', async () => {
    await expect(serveSocket(client, `/tmp/${'long/'.repeat(30)}`)).rejects.toThrow(
      'is longer than the 103 bytes',
    );
  });
});

// Private:

/** `once` would reject at the error that comes before it. */
const endOf = (connection: pg.Client) =>
  new Promise<void>((resolve) => void connection.once('end', () => resolve()));
