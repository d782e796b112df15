/**
 * Handles one request of a connection at a time. HTTP/1.1 lets a client pipeline requests; if they
 * were handled concurrently, all their responses would be held until the client reads the first.
 */
import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The number of requests that may wait on a connection. Each takes some kilobytes as soon as its
 * head is read.
 */
const maxWaiting = 50;

/**
 * Delays a request until the response before it on its connection is written. A connection on
 * which too many requests wait is closed.
 */
export function handleInTurn(handle: RequestListener): RequestListener {
  return (request, response) => {
    const socket = request.socket as PipelinedSocket;
    // Requests that were read together with the one that closed the connection.
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
        if (!socket.destroyed) handle(request, response);
      });
    }
  };
}

// Private:

const latest = Symbol('latest response');
const waiting = Symbol('number of waiting requests');

interface PipelinedSocket extends Socket {
  [latest]?: ServerResponse;
  [waiting]?: number;
}
