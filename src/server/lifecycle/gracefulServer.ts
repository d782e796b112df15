/**
 * Graceful shutdown: the server stops listening, and handles requests over open connections with
 * `Connection: close` for a moment. If it closed idle connections immediately, it would drop the
 * requests that clients are just sending.
 */
import { once } from 'node:events';
import { Server, type IncomingMessage } from 'node:http';
import {
  createServer,
  type AddressInfo,
  type ListenOptions,
  type Server as Listener,
} from 'node:net';
import type { Duplex } from 'node:stream';
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
  /** Connections that are WebSockets now, which Node.js no longer closes. */
  readonly #upgraded = new Set<Duplex>();

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

  /**
   * Passes connections that clients upgrade to WebSocket to a function. Other offers, such as the
   * `h2c` of Java's client, are ignored, as RFC 9110 allows: the response has HTTP/1.1.
   */
  onWebSocket(upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void {
    this.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        this.#readAgain(request, socket, head);
        return;
      }
      this.#upgraded.add(socket);
      socket.once('close', () => this.#upgraded.delete(socket));
      upgrade(request, socket, head);
    });
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
  }

  /** Node.js calls this when the server closes. */
  override closeIdleConnections(): void {
    if (!this.#keepsIdleConnections) super.closeIdleConnections();
  }

  // Private:

  /** Node.js stops to parse a connection at an upgrade: it reads the request again, without it. */
  #readAgain(
    { method, url, httpVersion, rawHeaders }: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): void {
    let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
      if (/^connection$/i.test(name)) text += `${name}: ${withoutUpgrade(value)}\r\n`;
      else if (!/^(upgrade|http2-settings)$/i.test(name)) text += `${name}: ${value}\r\n`;
    }
    socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]));
    this.emit('connection', socket);
  }
}

// Private:

/** The options of a connection, without those that offer an upgrade. */
const withoutUpgrade = (options: string): string =>
  options
    .split(',')
    .map((option) => option.trim())
    .filter((option) => !/^(upgrade|http2-settings)$/i.test(option))
    .join(', ');

/** Drains the server when its host closes. */
export function addGracefulShutdown(host: FastifyInstance, server: GracefulServer): void {
  host.addHook('preClose', () => server.drain());
  host.addHook('onClose', async () => {
    await server.closed;
  });
}
