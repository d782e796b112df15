/**
 * Sends large responses piece by piece, at the pace of the client. What the client has not read
 * counts against the budget; a client that reads nothing for too long is cut off.
 */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Bytes } from '../execution/serialize.js';
import type { Outstanding, ResponseBudget, ResponseSize } from './budget.js';

export class Delivery implements Outstanding {
  readonly since = performance.now();
  idleSince = this.since;
  taken = 0;
  readonly cutOff: () => void;
  /** In reverse order. */
  #remaining: Buffer[];
  #sent = 0;
  readonly #size: ResponseSize | undefined;
  readonly #unwatch: () => void;

  /**
   * @param size Holds the bytes; released at the end.
   * @param cutOff Ends the connection.
   */
  constructor(
    pieces: readonly Buffer[],
    budget: ResponseBudget,
    size: ResponseSize | undefined,
    cutOff: () => void,
  ) {
    this.#remaining = pieces.toReversed();
    this.#size = size;
    this.cutOff = cutOff;
    this.#unwatch = budget.watch(this);
  }

  /** The next piece, when the client has read the one before; undefined at the end. */
  next(): Buffer | undefined {
    this.idleSince = performance.now();
    this.taken += this.#sent;
    this.#size?.returnBytes(this.#sent);
    const piece = this.#remaining.pop();
    this.#sent = piece?.length ?? 0;
    return piece;
  }

  /** Everything is read, or the client has left. May be called twice. */
  end(): void {
    this.#remaining = [];
    this.#size?.release();
    this.#unwatch();
  }
}

/** Writes a body after its head, at the pace of the client. */
export async function deliver(
  response: ServerResponse,
  { pieces }: Bytes,
  budget: ResponseBudget,
  size: ResponseSize | undefined,
): Promise<void> {
  const delivery = new Delivery(pieces, budget, size, () => {
    delivery.end();
    response.destroy();
  });
  response.once('close', () => delivery.end());
  // The connection may have closed before the listener was added.
  if (isGone(response)) return delivery.end();
  for (let piece = delivery.next(); piece; piece = delivery.next()) {
    if (!response.write(piece)) await drained(response);
    if (isGone(response)) return;
  }
  response.end();
}

/** The same as a web stream. */
export function deliveryStream(
  { pieces }: Bytes,
  budget: ResponseBudget,
  size: ResponseSize | undefined,
  cutOff: () => void,
): UnderlyingDefaultSource<Uint8Array> & { end: () => void } {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const delivery = new Delivery(pieces, budget, size, () => {
    delivery.end();
    controller?.error(new Error('the client did not read its response'));
    cutOff();
  });
  return {
    start: (streamController) => {
      controller = streamController;
    },
    pull: (streamController) => {
      const piece = delivery.next();
      if (piece) return streamController.enqueue(piece);
      delivery.end();
      return streamController.close();
    },
    cancel: () => delivery.end(),
    end: () => delivery.end(),
  };
}

/** The same as a stream of Node.js that is piped to `response`. */
export function deliveryReadable(
  { pieces }: Bytes,
  budget: ResponseBudget,
  size: ResponseSize | undefined,
  response: ServerResponse,
): Readable {
  const delivery = new Delivery(pieces, budget, size, () => {
    delivery.end();
    response.destroy();
  });
  response.once('close', () => delivery.end());
  if (isGone(response)) delivery.end();
  const piecesOf = function* (): Generator<Buffer> {
    for (let piece = delivery.next(); piece; piece = delivery.next()) yield piece;
  };
  // One piece is read ahead at most.
  return Readable.from(piecesOf(), { objectMode: false, highWaterMark: 1 });
}

// Private:

const isGone = ({ destroyed, closed }: ServerResponse): boolean => destroyed || closed;

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
  });
