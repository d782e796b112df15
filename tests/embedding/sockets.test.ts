import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { AppIdentity } from 'chancery';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { inMemory } from '../support/inMemory.js';

const users: Record<string, AppIdentity> = {
  'session=ann': { id: 'u1', name: 'Ann', role: 'EDITOR' },
  'session=ben': { id: 'u2', name: 'Ben', role: 'READER' },
};

describe('the WebSockets of an app', () => {
  let chancery: Chancery;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    chancery = await createChancery({
      database: await inMemory(),
      identify: ({ headers }) => {
        const cookie = headers.get('cookie');
        if (cookie === 'session=broken') throw new Error('the store of sessions is down');
        return cookie === null ? null : users[cookie];
      },
      log: { error: () => {} },
    });
    server = createServer((req, res) => void chancery.handler(req, res));
    server.on('upgrade', chancery.upgrade);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  });
  afterAll(async () => {
    server.close().closeAllConnections();
    await chancery.close();
  });

  /** Executes an operation over a socket that is opened with these headers. */
  async function execute(query: string, cookie?: string): Promise<unknown> {
    class SocketWithCookie extends WebSocket {
      constructor(address: string, protocol: string) {
        super(address, protocol, { headers: cookie === undefined ? {} : { cookie } });
      }
    }
    const client = createClient({ url, webSocketImpl: SocketWithCookie, retryAttempts: 0 });
    const result = await client.iterate({ query }).next();
    await client.dispose();
    return result.value;
  }

  it('identify its users by their cookies', async () => {
    const viewer = '{ viewer { name role } }';
    expect(await execute(viewer, 'session=ann')).toEqual({
      data: { viewer: { name: 'Ann', role: 'EDITOR' } },
    });
    expect(await execute(viewer)).toEqual({ data: { viewer: null } });
  });

  it('let users write only what their role may, and record who it was', async () => {
    const create = 'mutation { createPerson(input: { slug: "zoe", name: "Zoë" }) { __typename } }';
    expect(await execute(create, 'session=ben')).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    expect(await execute(create, 'session=ann')).toEqual({
      data: { createPerson: { __typename: 'PersonPayload' } },
    });
    const history = '{ person(slug: "zoe") { history { nodes { change { author { name } } } } } }';
    expect(await execute(history, 'session=ann')).toEqual({
      data: { person: { history: { nodes: [{ change: { author: { name: 'Ann' } } }] } } },
    });
  });

  it('are closed while users cannot be identified', async () => {
    await expect(execute('{ viewer { name } }', 'session=broken')).rejects.toMatchObject({
      code: expect.any(Number) as number,
    });
  });
});
