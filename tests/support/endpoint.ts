/** A served endpoint on the sample, queried over HTTP without credentials. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeAll, inject } from 'vitest';
import { createServer } from '../../src/cli/serve.js';
import { readConfig } from '../../src/config.js';
import { serve, stop } from './command.js';
import { sampleInMemory } from './inMemory.js';

export interface Reply {
  status: number;
  headers: Headers;
  /** The code of the first error. */
  code: string | undefined;
  message: string;
  body: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; extensions?: Record<string, unknown> }[];
  };
  milliseconds: number;
}

export interface Endpoint {
  readonly origin: string;
  /** Sends a query by POST. */
  execute(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  /** Sends anything, to a path. */
  send(path: string, options?: RequestInit): Promise<Reply>;
}

/**
 * Serves the sample, with these settings, for the tests of this block: as `chancery serve` does,
 * but in this process, since a process takes a second of processor time to start.
 */
export function servedEndpoint(settings: Record<string, string> = {}): Endpoint {
  return endpointOf(async () => {
    const config = readConfig({ PORT: '0', ...settings });
    const server = await createServer(
      { ...config, database: await sampleInMemory() },
      pino({ level: 'silent' }),
    );
    const port = await server.listen();
    return { origin: `http://localhost:${port}`, stop: () => server.stop() };
  });
}

/** The same in a process of its own, for tests of what concerns the whole process. */
export function endpointOfProcess(settings: Record<string, string> = {}): Endpoint {
  return endpointOf(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chancery-'));
    await cp(inject('sampleFolder'), folder, { recursive: true });
    const server = await serve({ CHANCERY_DATA_DIR: folder, ...settings });
    return {
      origin: server.origin,
      stop: async () => {
        await stop(server.process, 'SIGKILL');
        await rm(folder, { recursive: true, force: true });
      },
    };
  });
}

export const execute = (
  origin: string,
  query: string,
  variables?: Record<string, unknown>,
  headers?: Record<string, string>,
): Promise<Reply> =>
  send(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });

export async function send(url: string, options: RequestInit = {}): Promise<Reply> {
  const sentAt = performance.now();
  const response = await fetch(url, options);
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const body = (type.includes('json') ? JSON.parse(text) : {}) as Reply['body'];
  const [error] = body.errors ?? [];
  return {
    status: response.status,
    headers: response.headers,
    code: error?.extensions?.['code'] as string | undefined,
    message: error?.message ?? '',
    body,
    milliseconds: performance.now() - sentAt,
  };
}

// Private:

interface Running {
  origin: string;
  stop: () => Promise<void>;
}

function endpointOf(start: () => Promise<Running>): Endpoint {
  let origin = '';
  beforeAll(async () => {
    const running = await start();
    origin = running.origin;
    return running.stop;
  });
  return {
    get origin() {
      return origin;
    },
    execute: (query, variables, headers) => execute(origin, query, variables, headers),
    send: (path, options) => send(origin + path, options),
  };
}
