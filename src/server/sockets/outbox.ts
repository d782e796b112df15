/**
 * The messages of a socket that its client has not taken yet: sent one after the other, at the pace
 * of the client, and counted against the budget of response bytes. A client that takes nothing for
 * too long is cut off.
 */
import type { WebSocket } from 'ws';
import { lengthOf, type Bytes } from '../execution/serialize.js';
import type { Outstanding, ResponseBudget, ResponseSize } from '../responses/budget.js';
import { Delivery } from '../responses/delivery.js';

/** A message whose middle is large JSON, of which `size` holds the bytes. */
export interface LargeMessage {
  head: string;
  body: Bytes;
  tail: string;
  size: ResponseSize | undefined;
}

export interface OutboxOptions {
  responses: ResponseBudget;
  /** The client whose share of the budget the messages count against. */
  client: () => string | undefined;
  /** The client takes nothing, or too slowly. May be called repeatedly. */
  cutOff: () => void;
}

export class Outbox {
  readonly #socket: WebSocket;
  readonly #options: OutboxOptions;
  /** Settles when all messages until now are sent. */
  #last: Promise<void> = Promise.resolve();
  #messages = 0;
  #bytes = 0;

  constructor(socket: WebSocket, options: OutboxOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  /** The bytes that the client has not taken yet. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#messages === 0;
  }

  /** Resolves when the client has taken the message, or has left. */
  send(message: string | LargeMessage): Promise<void> {
    const bytes = typeof message === 'string' ? lengthOf(message) : message.body.length;
    this.#messages++;
    this.#bytes += bytes;
    const write = (): Promise<void> =>
      typeof message === 'string' ? this.#writeText(message, bytes) : this.#writeLarge(message);
    const sent = (this.#messages === 1 ? write() : this.#last.then(write)).then(() => {
      this.#messages--;
      this.#bytes -= bytes;
    });
    this.#last = sent;
    return sent;
  }

  // Private:

  async #writeText(text: string, bytes: number): Promise<void> {
    const { responses, client, cutOff } = this.#options;
    const owner = client();
    const since = performance.now();
    const outstanding: Outstanding = { since, idleSince: since, taken: 0, cutOff };
    responses.hold(bytes, owner);
    const unwatch = responses.watch(outstanding);
    await this.#write(text, true);
    unwatch();
    responses.giveBack(bytes, owner);
  }

  /** Sends the pieces as fragments of one message. */
  async #writeLarge({ head, body, tail, size }: LargeMessage): Promise<void> {
    const { responses, cutOff } = this.#options;
    const delivery = new Delivery(body.pieces, responses, size, cutOff);
    await this.#write(head, false);
    for (let piece = delivery.next(); piece; piece = delivery.next()) {
      await this.#write(piece, false);
      if (this.#socket.readyState !== this.#socket.OPEN) break;
    }
    delivery.end();
    await this.#write(tail, true);
  }

  #write(data: string | Buffer, fin: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.send(data, { binary: false, fin }, () => resolve());
    });
  }
}
