import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../../src/database/open.js';
import { describeOnEachDatabase, describeOnEachServer } from '../support/databases.js';
import { rowsOf } from './rows.js';
import { freePort } from '../support/freePort.js';
import { eventually } from '../support/waiting.js';

describe('a server out of reach', () => {
  it('is tried again for as long as it may take, then named, without the password', async () => {
    const port = await freePort();
    const attempts: string[] = [];
    const began = Date.now();
    const opening = openDatabase(
      { url: `postgres://me:secret@127.0.0.1:${port}/kb` },
      { waitSeconds: 2, onRetry: (message) => attempts.push(message) },
    );
    await expect(opening).rejects.toThrow(
      `cannot use PostgreSQL at 127.0.0.1:${port}/kb: connect ECONNREFUSED`,
    );
    expect(Date.now() - began).toBeGreaterThanOrEqual(2000);
    expect(attempts[0]).toMatch(`cannot reach PostgreSQL at 127.0.0.1:${port}/kb yet: connect`);
    expect(attempts.length).toBeGreaterThanOrEqual(2);
    expect(attempts.join()).not.toContain('secret');
  });

  it('times out when the server accepts connections but never answers', async () => {
    const port = await listen(createServer());
    await expect(
      openDatabase({ url: `postgres://me@127.0.0.1:${port}/kb` }, { waitSeconds: 1 }),
    ).rejects.toThrow(`cannot use PostgreSQL at 127.0.0.1:${port}/kb: no answer`);
  });
});

describeOnEachDatabase('letting go', ({ open }) => {
  it('waits for running statements, and may be called twice', async () => {
    const database = await open();
    const running = rowsOf(database, `select pg_sleep(0.3)::text || 'slept' as result`);
    await sleep(100);
    await Promise.all([database.close(), database.close()]);
    expect(await running).toEqual([{ result: 'slept' }]);
    await expect(database.ping()).rejects.toThrow();
  });
});

describeOnEachServer('connecting', ({ engine, newDatabase }) => {
  it('reports version, host, port and database, but no password', async () => {
    const url = new URL(await newDatabase());
    url.password = 'secret';
    const database = await openDatabase({ url: url.href });
    expect(database.description).toMatch(
      new RegExp(`^${engine}\\.\\d+ at 127\\.0\\.0\\.1:${url.port}${url.pathname}$`),
    );
    await database.close();
  });

  it('disables JIT compilation, which takes longer than the statements', async () => {
    const url = await newDatabase();
    const database = await openDatabase({ url });
    onTestFinished(() => database.close());
    expect(await rowsOf(database, sql`show jit`)).toEqual([{ jit: 'off' }]);
  });

  it('waits for a server that is still starting', async () => {
    const url = new URL(await newDatabase());
    const target = Number(url.port);
    const port = await freePort();
    url.port = String(port);
    const onRetry = vi.fn();
    const opening = openDatabase({ url: url.href }, { waitSeconds: 20, onRetry });
    await eventually(() => expect(onRetry).toHaveBeenCalled());
    await listen(
      createServer((socket) => socket.pipe(connect(target, '127.0.0.1')).pipe(socket)),
      port,
    );
    const database = await opening;
    await database.ping();
    await database.close();
  });

  it('fails at once when the database does not exist', async () => {
    const url = Object.assign(new URL(await newDatabase()), { pathname: '/nowhere' }).href;
    const onRetry = vi.fn();
    await expect(openDatabase({ url }, { waitSeconds: 60, onRetry })).rejects.toThrow(
      /^cannot use PostgreSQL at 127\.0\.0\.1:\d+\/nowhere: database "nowhere" does not exist$/,
    );
    expect(onRetry).not.toHaveBeenCalled();
  });

  it('fails at once when the password is wrong, and does not reveal it', async () => {
    const url = new URL(await newDatabase());
    await demandPassword(url.href, 'guest', 'right');
    const onRetry = vi.fn();
    url.username = 'guest';
    url.password = 'wrong-secret';
    const error = await openDatabase({ url: url.href }, { waitSeconds: 60, onRetry }).catch(String);
    expect(error).toMatch(/^DatabaseError: cannot use PostgreSQL at .* for user "guest"$/);
    expect(error).not.toContain('secret');
    expect(onRetry).not.toHaveBeenCalled();
    url.password = 'right';
    await (await openDatabase({ url: url.href })).close();
  });
});

// Private:

async function listen(server: Server, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** Makes an account of the server, the only one that must give a password. */
async function demandPassword(url: string, user: string, password: string): Promise<void> {
  const database = await openDatabase({ url }, { poolSize: 1 });
  const [settings] = await rowsOf(database, 'show hba_file');
  const rules = `host all ${user} all scram-sha-256\\nhost all all all trust`;
  for (const statement of [
    `create role ${user} login password '${password}'`,
    `copy (select unnest(string_to_array(E'${rules}', E'\\n'))) to '${String(settings?.['hba_file'])}'`,
    'select pg_reload_conf()',
  ]) {
    await rowsOf(database, statement);
  }
  await eventually(async () => {
    const guest = Object.assign(new URL(url), { username: user, password: 'no' }).href;
    const opened = await openDatabase({ url: guest }).catch(() => undefined);
    await opened?.close();
    expect(opened).toBeUndefined();
  });
  await database.close();
}
