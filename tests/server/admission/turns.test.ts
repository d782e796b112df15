import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createApiKey } from '../../../src/knowledge/auth/apiKeys.js';
import { execute } from '../../support/endpoint.js';
import { openEvents } from '../../support/events.js';
import { hosted, type Hosted } from '../../support/hosted.js';

const query = '{ place(slug: "tokyo") { name } }';

/** Takes the only turn that there is, until it is given back. */
function holdTurn({ chancery }: Hosted): () => void {
  let release = (): void => {};
  const { concurrency } = chancery.executor.admission;
  void concurrency.within(() => new Promise<void>((resolve) => (release = resolve)));
  expect(concurrency.running).toBe(1);
  return () => release();
}

describe('while all turns are taken', () => {
  const limits = { running: 1, waiting: 100, seconds: 40, waitSeconds: 40 };
  const server = hosted({ pointsPerMinute: 6000, trustedProxies: ['loopback'] }, { limits });
  const waiting = () => server.chancery.executor.admission.concurrency.waiting;

  it('answers from the cache need none', async () => {
    const uncached = `# not kept\n${query}`;
    // At the first request the cache is not validated yet.
    await expect.poll(async () => (await execute(server.origin, query)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { body } = await execute(server.origin, query);
    const giveBack = holdTurn(server);
    expect((await execute(server.origin, query)).body).toEqual(body);
    const other = execute(server.origin, uncached);
    await expect.poll(waiting).toBe(1);
    giveBack();
    expect((await other).body).toEqual(body);
  });

  it('a key has to wait until it is looked up', async () => {
    const { key } = await createApiKey(server.chancery.database, { name: 'ann', role: 'READER' });
    const giveBack = holdTurn(server);
    const pending = execute(server.origin, query, {}, { authorization: `Bearer ${key}` });
    await expect.poll(waiting).toBe(1);
    giveBack();
    expect((await pending).status).toBe(200);
  });

  it('delays events of subscriptions', async () => {
    const events = await openEvents(server.origin, 'subscription { changed { recordType } }');
    const giveBack = holdTurn(server);
    await server.chancery.importDossier({
      name: 'test',
      text: 'people: [{ slug: ada, name: Ada }]',
    });
    await expect.poll(waiting).toBe(1);
    giveBack();
    expect(await events.receive(1)).toEqual([{ recordType: 'PERSON' }]);
    events.close();
  });

  it('serves other clients before further requests of a busy one', async () => {
    const answered: string[] = [];
    const executeFrom = async (address: string, i: number): Promise<void> => {
      const text = `# ${address} ${i}\n${query}`;
      await execute(server.origin, text, {}, { 'x-forwarded-for': address });
      answered.push(address);
    };
    const giveBack = holdTurn(server);
    const greedy = Array.from({ length: 30 }, (_, i) => executeFrom('192.0.2.1', i));
    await expect.poll(waiting).toBe(30);
    const modest = executeFrom('192.0.2.2', 0);
    await expect.poll(waiting).toBe(31);
    giveBack();
    await Promise.all([...greedy, modest]);
    expect(answered.indexOf('192.0.2.2')).toBeLessThan(15);
  });
});

describe('where no request may wait', () => {
  const server = hosted({}, { limits: { running: 1, waiting: 0 } });

  it('rejects a request before it is read, whatever it contains', async () => {
    expect((await execute(server.origin, query)).status).toBe(200);
    const giveBack = holdTurn(server);
    // The cache holds the response.
    const rejected = await execute(server.origin, query);
    expect(rejected).toMatchObject({ status: 503, code: 'OVERLOADED' });
    expect(rejected.headers.get('retry-after')).toBe('1');
    const { hostname, port } = new URL(server.origin);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 503 /);
    socket.destroy();
    giveBack();
    expect((await execute(server.origin, query)).status).toBe(200);
  });
});
