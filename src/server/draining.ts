/**
 * Before a server stops, it says so: it is not ready any more, and asks each client that still
 * comes to use another connection next time. A connection that were closed while its client is
 * about to send would drop a request.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Asks clients to go elsewhere, and answers them for a moment more. */
    drain(): Promise<void>;
    isDraining: boolean;
  }
}

/** How long clients are still answered, in milliseconds. */
const grace = 500;

export function addDraining(host: FastifyInstance): void {
  host.decorate('isDraining', false);
  host.decorate('drain', async function (this: FastifyInstance) {
    this.isDraining = true;
    await sleep(grace);
  });
  host.addHook('onRequest', (_request, reply, done) => {
    if (host.isDraining) reply.raw.setHeader('connection', 'close');
    done();
  });
}
