/**
 * Graceful shutdown: the server stops listening, and handles requests over open connections with
 * `Connection: close` for a moment. If it closed idle connections immediately, it would drop the
 * requests that clients are just sending.
 */
import { once } from 'node:events';
import { Server } from 'node:http';
import {
  createServer,
  type AddressInfo,
  type ListenOptions,
  type Server as Listener,
} from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** How long idle connections stay open. */
const drainDelayMs = 500;

/** How often connections that have become idle are closed after that. */
const closeIntervalMs = 50;

/** An HTTP server that can stop listening while its idle connections stay open. */
export class GracefulServer extends Server {
  /** Listeners at other addresses, whose connections this server handles. */
  readonly #listeners: Listener[] = [];
  #keepsIdleConnections = false;
  #isDraining = false;
  #closed: Promise<unknown> | undefined;

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Settles when all connections have ended; undefined before `drain`. */
  get closed(): Promise<unknown> | undefined {
    return this.#closed;
  }

  /** Listens at one more address, on the same port. */
  async listenAlsoAt(host: string, options: ListenOptions = {}): Promise<void> {
    const { port } = this.address() as AddressInfo;
    // The options of the connections of `http.Server`.
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.emit('connection', socket),
    );
    await once(listener.listen({ ...options, host, port }), 'listening');
    this.#listeners.push(listener);
  }

  /**
   * Stops listening, waits a moment for requests over open connections, and from then on closes
   * each connection as soon as it is idle: clients may keep theirs open.
   */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const servers = [this, ...this.#listeners];
    this.#closed = Promise.all(servers.map((server) => once(server, 'close')));
    this.#keepsIdleConnections = true;
    for (const server of servers) server.close();
    await Promise.race([this.#closed, sleep(drainDelayMs, undefined, { ref: false })]);
    this.#keepsIdleConnections = false;
    const timer = setInterval(() => this.closeIdleConnections(), closeIntervalMs);
    void this.#closed.finally(() => clearInterval(timer));
  }

  /** Node.js calls this when the server closes. */
  override closeIdleConnections(): void {
    if (!this.#keepsIdleConnections) super.closeIdleConnections();
  }
}

/** Drains the server when its host closes. */
export function addGracefulShutdown(host: FastifyInstance, server: GracefulServer): void {
  host.addHook('preClose', () => server.drain());
  host.addHook('onClose', async () => {
    await server.closed;
  });
}
