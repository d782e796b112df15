/**
 * One request of a connection at a time. HTTP/1.1 lets a client send requests without waiting for
 * answers; worked on at once, their answers would all be held until the client reads the first.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Has a request wait until the answer before it on its connection is written. */
export function addPipelining(server: Server): void {
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    for (const listener of listeners) Reflect.apply(listener, server, [request, response]);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const socket = request.socket as SocketWithAnswer;
    const before = socket[latest];
    socket[latest] = response;
    if (!before || before.writableFinished || before.closed) handle(request, response);
    else {
      before.once('close', () => {
        // Nothing more is answered on a connection that is gone.
        if (!socket.destroyed) handle(request, response);
      });
    }
  });
}

// Private:

const latest = Symbol('the latest answer');

interface SocketWithAnswer extends Socket {
  [latest]?: ServerResponse;
}
