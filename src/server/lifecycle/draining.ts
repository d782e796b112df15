/**
 * Stopping without dropping a request: no connection is taken any more, and whoever comes over
 * one that is open is answered and told not to come over it again. A connection that is closed
 * just when its client sends would drop what he sent.
 */
import { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Takes no connection any more, and answers over those that are open for a moment. */
    drain(): Promise<void>;
    isDraining: boolean;
  }
}

/** How long clients are still answered, in milliseconds. */
const drainDelayMs = 500;

export function addDraining(host: FastifyInstance): void {
  host.decorate('isDraining', false);
  host.decorate('drain', async () => {
    host.isDraining = true;
    // Of an HTTP server, `close` would cut off the connections that are idle at this moment.
    Server.prototype.close.call(host.server);
    await sleep(drainDelayMs);
  });
  host.addHook('onRequest', (_request, reply, done) => {
    if (host.isDraining) reply.raw.setHeader('connection', 'close');
    done();
  });
}
