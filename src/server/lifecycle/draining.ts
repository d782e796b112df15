/**
 * Graceful shutdown: the server stops listening, and handles requests over open connections with
 * `Connection: close` for a moment. If it closed idle connections immediately, it would drop the
 * requests that clients are just sending.
 */
import { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Stops listening, and waits a moment for requests over open connections. */
    drain(): Promise<void>;
    isDraining: boolean;
  }
}

/** How long idle connections stay open. */
const drainDelayMs = 500;

export function addDraining(host: FastifyInstance): void {
  host.decorate('isDraining', false);
  host.decorate('drain', async () => {
    host.isDraining = true;
    // The method of `http.Server` would also close idle connections.
    Server.prototype.close.call(host.server);
    await sleep(drainDelayMs);
  });
  host.addHook('onRequest', (_request, reply, done) => {
    if (host.isDraining) reply.raw.setHeader('connection', 'close');
    done();
  });
}
