/** WebSockets: clients of graphql-ws, and raw ones that break its protocol. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createClient, type Client, type ExecutionResult } from 'graphql-ws';
import { WebSocket, type ClientOptions } from 'ws';

export type Result = ExecutionResult;

export interface SocketClient {
  client: Client;
  /** The result of a query or mutation. */
  execute: (query: string, variables?: Record<string, unknown>) => Promise<Result>;
  /** The results of a subscription; resolves when the next operation of this client is executed. */
  subscribe: (query: string) => AsyncIterableIterator<Result>;
}

const urlOf = (origin: string): string => `${origin.replace(/^http/, 'ws')}/graphql`;

/** A client of graphql-ws. @param authorization For the payload of connection_init. */
export function socketClient(origin: string, authorization?: string): SocketClient {
  const client = createClient({
    url: urlOf(origin),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazyCloseTimeout: 1000,
    ...(authorization !== undefined && { connectionParams: { authorization } }),
  });
  const subscribe = (query: string, variables?: Record<string, unknown>) =>
    client.iterate({
      query,
      ...(variables && { variables }),
    }) as AsyncIterableIterator<Result>;
  return {
    client,
    subscribe,
    execute: async (query, variables) => {
      const { value } = (await subscribe(query, variables).next()) as { value: Result };
      return value;
    },
  };
}

export interface Message {
  type: string;
  id?: string;
  payload?: unknown;
}

/** A socket whose messages the test writes itself. */
export class RawSocket {
  readonly socket: WebSocket;
  readonly #messages: Message[] = [];
  readonly #arrivals = new Set<() => void>();
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(origin: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(urlOf(origin), 'graphql-transport-ws', options);
    this.socket.on('message', (data) => {
      this.#messages.push(JSON.parse((data as Buffer).toString()) as Message);
      for (const arrived of this.#arrivals) arrived();
    });
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        for (const arrived of this.#arrivals) arrived();
      });
    });
  }

  /** Connects, and sends connection_init unless told otherwise. */
  static async open(
    origin: string,
    { init = {}, ...options }: ClientOptions & { init?: object | null } = {},
  ): Promise<RawSocket> {
    const socket = new RawSocket(origin, options);
    await once(socket.socket, 'open');
    if (init) {
      socket.send({ type: 'connection_init', payload: init });
      await socket.next();
    }
    return socket;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, rest: object = {}): void {
    this.send({ type: 'subscribe', id, payload: { query, ...rest } });
  }

  /** The next message; undefined when the socket is closed. */
  async next(): Promise<Message | undefined> {
    while (this.#messages.length === 0) {
      if (this.socket.readyState === this.socket.CLOSED) return undefined;
      await new Promise<void>((resolve) => {
        const arrived = () => {
          this.#arrivals.delete(arrived);
          resolve();
        };
        this.#arrivals.add(arrived);
      });
    }
    return this.#messages.shift();
  }

  /** The payload of the next message, which has this type. */
  async payload(type: string): Promise<unknown> {
    const message = await this.next();
    if (message?.type !== type) throw new Error(`not ${type}: ${JSON.stringify(message)}`);
    return message.payload;
  }
}

/** The response to an upgrade that is rejected. */
export async function rejectedUpgrade(
  url: string,
  protocol: string | undefined,
  options: ClientOptions = {},
) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocol, options);
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const { errors } = JSON.parse(text) as {
    errors: { message: string; extensions: { code: string } }[];
  };
  const [error] = errors;
  return {
    status: response.statusCode,
    headers: response.headers,
    code: error?.extensions.code,
    message: error?.message ?? '',
  };
}
