/**
 * One request of a connection at a time. HTTP/1.1 lets a client send requests without waiting for
 * answers; worked on at once, their answers would all be held until the client reads the first.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How many requests may wait on a connection. Each takes some kilobytes from the moment it is read,
 * and those without a body are read as fast as they come.
 */
const maxWaiting = 50;

/**
 * Has a request wait until the answer before it on its connection is written. A connection on which
 * too many wait is closed.
 */
export function addPipelining(server: Server): void {
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    for (const listener of listeners) Reflect.apply(listener, server, [request, response]);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const socket = request.socket as SocketWithAnswer;
    // What was read together with what closed the connection.
    if (socket.destroyed) return;
    const before = socket[latest];
    socket[latest] = response;
    const count = socket[waiting] ?? 0;
    if (!before || before.writableFinished || before.closed) handle(request, response);
    else if (count >= maxWaiting) socket.destroy();
    else {
      socket[waiting] = count + 1;
      before.once('close', () => {
        socket[waiting] = (socket[waiting] ?? 1) - 1;
        // Nothing more is answered on a connection that is gone.
        if (!socket.destroyed) handle(request, response);
      });
    }
  });
}

// Private:

const latest = Symbol('the latest answer');
const waiting = Symbol('how many requests wait');

interface SocketWithAnswer extends Socket {
  [latest]?: ServerResponse;
  [waiting]?: number;
}
