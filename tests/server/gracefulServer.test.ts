/** A server that stops listening before it closes connections. */
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { GracefulServer } from '../../src/server/lifecycle/gracefulServer.js';

const addresses = ['127.0.0.1', '127.0.0.2'];

/** Listens at both addresses; each has a client with a connection that stays open. */
async function opened() {
  const server = new GracefulServer((_request, response) => response.end('done'));
  server.listen(0, addresses[0]);
  await once(server, 'listening');
  await server.listenAlsoAt(addresses[1]!);
  const { port } = server.address() as AddressInfo;
  const agents = addresses.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  onTestFinished(() => {
    for (const agent of agents) agent.destroy();
    server.closeAllConnections();
  });
  const ask = async (at: number, agent = agents[at]): Promise<string> => {
    const sent = request({ host: addresses[at], port, agent }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return text(response);
  };
  return { server, ask };
}

it.each([0, 1])('handles requests over open connections while it drains: %i', async (at) => {
  const { server, ask } = await opened();
  expect(await ask(at)).toBe('done');
  const drained = server.drain();
  expect(server.isDraining).toBe(true);
  expect(await ask(at)).toBe('done');
  await expect(ask(at, new Agent())).rejects.toThrow('ECONNREFUSED');
  await drained;
  // From then on it closes those that are idle.
  await server.closed;
  await expect(ask(at)).rejects.toThrow();
});

it('drains at once without connections', async () => {
  const { server } = await opened();
  await server.drain();
  await server.closed;
});
