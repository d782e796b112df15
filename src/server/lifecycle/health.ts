import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../database/database.js';
import type { GracefulServer } from './gracefulServer.js';

/** How long the database may take to respond before the server counts as not ready. */
const checkTimeoutMs = 1000;

/**
 * `/health`: liveness. `/ready`: readiness, with 503 while the database does not respond or the
 * server shuts down.
 */
export function addHealth(host: FastifyInstance, server: GracefulServer, database: Database): void {
  host.get('/health', () => ({ status: 'ok' }));
  host.get('/ready', async (request, reply) => {
    const obstacle = server.isDraining ? 'shutting down' : await unreachable(database);
    if (!obstacle) return { status: 'ready' };
    request.log.warn({ reason: obstacle }, 'not ready');
    return reply.code(503).send({ status: 'not ready', reason: obstacle });
  });
}

// Private:

const unreachable = (database: Database): Promise<string | undefined> =>
  Promise.race([
    database.ping().then(
      () => undefined,
      () => 'the database does not respond',
    ),
    sleep(checkTimeoutMs, 'the database does not respond in time', { ref: false }),
  ]);
