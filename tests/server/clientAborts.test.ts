import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { createHost } from '../../src/server/http/host.js';
import { describeOnEachServer } from '../support/databases.js';

const query = `query ($slug: String!) {
  organization(slug: $slug) { name offices { nodes { name place { name } } } }
}`;

describeOnEachServer('clients that go away', ({ newDatabase }) => {
  let chancery: Chancery;
  let host: ReturnType<typeof createHost>;
  let port: number;
  const logged: string[] = [];
  beforeAll(async () => {
    const database = { url: await newDatabase() };
    chancery = await createChancery({ database, sample: true, cacheMegabytes: 0 });
    const { yoga, executor, sockets } = chancery;
    const logger = pino({ level: 'warn' }, { write: (line: string) => logged.push(line) });
    host = createHost({
      yoga,
      executor,
      sockets,
      database: chancery.database,
      endpoint: '/graphql',
      logger,
    });
    await host.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = host.server.address() as AddressInfo);
  });
  afterAll(async () => {
    await host.close();
    await chancery.close();
  });

  it('do not cancel the batches that others wait for', async () => {
    for (let round = 0; round < 30; round++) {
      const leaving = Array.from({ length: 5 }, (_, i) =>
        leave(i % 2 ? 'nato' : 'quad', round % 5),
      );
      const answers = await Promise.all(['nato', 'quad', 'nobody'].map(execute));
      await Promise.all(leaving);
      expect(answers).toMatchObject([
        {
          data: {
            organization: { name: 'NATO', offices: { nodes: expect.any(Array) as unknown } },
          },
        },
        { data: { organization: { offices: { nodes: [] } } } },
        { data: { organization: null } },
      ]);
    }
    // Responses to the last ones may still be in progress, and the database is closed next.
    await Promise.all(['nato', 'quad', 'nobody'].map(execute));
    expect(logged).toEqual([]);
  });

  /** Sends a request and is gone some milliseconds later, while it is answered. */
  async function leave(slug: string, milliseconds: number): Promise<void> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    const body = JSON.stringify({ query, variables: { slug } });
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    socket.destroy();
  }

  async function execute(slug: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { slug } }),
    });
    return response.json();
  }
});
