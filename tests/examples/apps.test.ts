/** The apps of examples/ that serve the knowledge base: a query, a change by a user, an event. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChancery, type Chancery } from 'chancery';
import { createApp as createExpress, identify } from '../../examples/express/app.ts';
import { createApp as createFastify } from '../../examples/fastify/app.ts';
import { createApp as createHono } from '../../examples/hono/app.ts';
import { inMemory } from '../support/inMemory.js';

const apps: [string, (chancery: Chancery) => Promise<RequestListener>][] = [
  ['Express', (chancery) => Promise.resolve(createExpress(chancery))],
  [
    'Fastify',
    async (chancery) => {
      const app = createFastify(chancery);
      await app.ready();
      return (req, res) => app.routing(req, res);
    },
  ],
  ['Hono', (chancery) => Promise.resolve(getRequestListener(createHono(chancery).fetch))],
];

describe.each(apps)('the app of %s', (_, listenerOf) => {
  let chancery: Chancery;
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    chancery = await createChancery({ database: await inMemory(), sample: true, identify });
    server = createServer(await listenerOf(chancery));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.close().closeAllConnections();
    await chancery.close();
  });

  const execute = async (query: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as object;
  };
  const asAnn = { cookie: 'session=ann-session' };
  const create = 'mutation { createPerson(input: { name: "Zoë" }) { __typename } }';
  const created = { data: { createPerson: { __typename: 'PersonPayload' } } };

  it('answers its own routes, and queries at /graphql', async () => {
    expect(await (await fetch(origin)).text()).toContain('/graphql');
    expect(await execute('{ organization(slug: "nato") { name } }')).toEqual({
      data: { organization: { name: 'NATO' } },
    });
  });

  it('lets its users make changes, and no other', async () => {
    expect(await execute(create, asAnn)).toEqual(created);
    expect(await execute(create, { cookie: 'session=other' })).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it('sends events', async () => {
    const client = createClient({ url: `${origin}/graphql`, headers: asAnn, retryAttempts: 0 });
    const events = client.iterate({ query: 'subscription { changed { action } }' });
    let received: object | undefined;
    const receiving = events.next().then(({ value }) => {
      received = value as object;
    });
    // The subscription may begin after the first of them.
    while (!received) {
      expect(await execute(create, asAnn)).toEqual(created);
    }
    await receiving;
    expect(received).toMatchObject({ data: { changed: { action: 'CREATE' } } });
    client.dispose();
  });
});
