/** A host in this process, on a knowledge base in memory that tests can reach into. */
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { createChancery, type Chancery } from '../../src/chancery.js';
import type { ChanceryOptions } from '../../src/options.js';
import { createHost, type HostOptions } from '../../src/server/http/host.js';
import { sampleInMemory } from './inMemory.js';

export interface Hosted {
  readonly chancery: Chancery;
  readonly origin: string;
  /** How many connections are open. */
  connections(): Promise<number>;
  /** Warnings and errors that the server logged. */
  readonly logged: string[];
}

/** Hosts the sample, with these options, for the tests of this block. */
export function hosted(
  options: Partial<HostOptions> = {},
  chanceryOptions: Partial<ChanceryOptions> = {},
): Hosted {
  let chancery: Chancery;
  let origin = '';
  let host: ReturnType<typeof createHost>;
  const logged: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => logged.push(line) });
  beforeAll(async () => {
    chancery = await createChancery({
      database: await sampleInMemory(),
      log: logger,
      ...chanceryOptions,
    });
    const { yoga, executor, mcp, sockets, database } = chancery;
    host = createHost({
      ...{ yoga, executor, mcp, sockets, database, endpoint: '/graphql', logger },
      ...options,
    });
    await host.listen({ port: 0, host: '127.0.0.1' });
    origin = `http://127.0.0.1:${(host.server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    host.server.closeAllConnections();
    await host.close();
    await chancery.close();
  });
  return {
    get chancery() {
      return chancery;
    },
    get origin() {
      return origin;
    },
    connections: () => promisify(host.server.getConnections.bind(host.server))(),
    logged,
  };
}
