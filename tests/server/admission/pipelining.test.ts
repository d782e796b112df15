/** Requests that a client sends ahead over one connection. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { handleInTurn } from '../../../src/server/responses/pipelining.js';

async function opened(handle: (response: ServerResponse) => void) {
  let requests = 0;
  const server = createServer(
    handleInTurn((_request, response) => {
      requests++;
      handle(response);
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let received = '';
  socket.on('data', (bytes) => (received += String(bytes))).on('error', () => {});
  await once(socket, 'connect');
  onTestFinished(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { socket, requests: () => requests, received: () => received };
}

const request = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

it('wait for the answer ahead of them, and are answered in their order', async () => {
  let answered = 0;
  const { socket, received } = await opened((response) => {
    setImmediate(() => response.end(`answer ${++answered};`));
  });
  socket.write(request.repeat(40));
  await expect.poll(() => received().match(/answer \d+;/g)).toHaveLength(40);
  expect(received().match(/answer \d+;/g)).toEqual(
    Array.from({ length: 40 }, (_, i) => `answer ${i + 1};`),
  );
});

it('are held in some number only: a connection on which more wait is closed', async () => {
  const { socket, requests } = await opened(() => {});
  socket.write(request.repeat(20_000));
  await expect.poll(() => socket.closed).toBe(true);
  expect(requests()).toBe(1);
});
