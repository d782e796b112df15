/**
 * Listens in place of the server while that waits for its database at start: alive, but not
 * ready.
 */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';

export class StartupServer {
  readonly #address: { host: string; port: number };
  #server: Promise<Server | undefined> | undefined;

  constructor({ host, port }: { host: string; port: number }) {
    this.#address = { host, port };
  }

  /** May be called again. A port in use is reported when the server itself listens. */
  open(): void {
    this.#server ??= listening(this.#address).catch(() => undefined);
  }

  /** Frees the port for the server. */
  async close(): Promise<void> {
    const server = await this.#server;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}

// Private:

async function listening(address: { host: string; port: number }): Promise<Server> {
  const server = createServer(({ url }, response) => answer(url, response)).listen(address);
  await once(server, 'listening');
  return server;
}

const reason = 'the database is not available yet';

function answer(url: string | undefined, response: ServerResponse): void {
  const isHealth = url?.split('?')[0] === '/health';
  response.writeHead(isHealth ? 200 : 503, {
    'content-type': 'application/json; charset=utf-8',
    ...(!isHealth && { 'retry-after': '1' }),
  });
  response.end(JSON.stringify(isHealth ? { status: 'ok' } : bodyFor(url)));
}

const bodyFor = (url: string | undefined) =>
  url?.split('?')[0] === '/ready'
    ? { status: 'not ready', reason }
    : {
        errors: [
          {
            message: `The server is starting: ${reason}. Try again later.`,
            extensions: { code: 'SERVICE_UNAVAILABLE' },
          },
        ],
      };
