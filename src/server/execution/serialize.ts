/**
 * Serializes results to JSON of a bounded length. A small result is written in one go, a large one
 * in pieces with turns of the event loop between, so that it does not delay other requests.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { tooLarge, type ResponseSize, type ResponseBudget } from '../responses/budget.js';
import { overloaded } from '../errors/rejection.js';

/** A result without errors as JSON; `size` holds the bytes of a large one until it is released. */
export interface SerializedResult {
  body: Body;
  size?: ResponseSize | undefined;
}

/** What a query gives: JSON, or a result with errors, on which the HTTP status depends. */
export type QueryResult = SerializedResult | { result: ExecutionResult };

/** What any other operation gives: a result whose bytes `size` counts, or a stream of results. */
export type OperationResult =
  { result: ExecutionResult; size: ResponseSize } | { stream: AsyncIterable<ExecutionResult> };

/** A body from a cache, whose bytes count against the budget while it is sent if it is large. */
export function cachedResult(
  body: Body,
  responses: ResponseBudget,
  client: string | undefined,
): QueryResult {
  if (typeof body === 'string') return { body };
  if (responses.isFullFor(client)) return { result: { errors: [overloaded()] } };
  const size = responses.open(client);
  size.settle(body.length);
  return { body, size };
}

/** JSON: a text, or, if it is large, its bytes in pieces. */
export type Body = string | Bytes;

export interface Bytes {
  readonly pieces: readonly Buffer[];
  readonly length: number;
}

/** The characters of a result that is written in one go. */
const maxSmall = 64 * 1024;

/** The characters that are written in one turn of the event loop. */
const pieceLength = 64 * 1024;

/**
 * @param size bounds the length; of a large result it holds the bytes from then on
 * @throws RESPONSE_TOO_LARGE or OVERLOADED, synchronously or not
 */
export function serialize(result: object, size: ResponseSize): string | Promise<Bytes> {
  const { errors } = result as ExecutionResult;
  const plain = errors ? { ...result, errors: errors.map(withoutHttp) } : result;
  const least = leastLength(plain, size.max);
  if (least > size.max) throw (size.excess = tooLarge(size.max));
  return least <= maxSmall ? writtenAtOnce(plain, size) : writtenInPieces(plain, least, size);
}

/** The bytes of a body. */
export const lengthOf = (body: Body): number =>
  typeof body === 'string' ? Buffer.byteLength(body) : body.length;

/** Bytes in pieces, each of which a client has to read in time. */
export function inPieces(bytes: Buffer): Bytes {
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += pieceLength) {
    pieces.push(bytes.subarray(start, start + pieceLength));
  }
  return { pieces, length: bytes.length };
}

/** A body as a text. */
export const textOf = (body: Body): string =>
  typeof body === 'string' ? body : Buffer.concat(body.pieces, body.length).toString();

/** An error as clients see it, without the HTTP status for the response. */
export function withoutHttp(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...rest } = error.toJSON();
  if (!extensions || !('http' in extensions)) return error.toJSON();
  const { http: _, ...shown } = extensions;
  return { ...rest, extensions: shown };
}

/**
 * A lower bound for the bytes of a value's JSON: each character counts as one. Stops counting
 * beyond the limit.
 */
export function leastLength(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 1;
  let length = 2;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      length += leastLength(item, limit - length) + 1;
      if (length > limit) break;
    }
    return length;
  }
  for (const key in value) {
    length += key.length + leastLength((value as Record<string, unknown>)[key], limit - length) + 4;
    if (length > limit) break;
  }
  return length;
}

// Private:

/** A character takes up to three bytes, or six where it is escaped. */
const maxBytesOf = (text: string): number => 3 * text.length;

function writtenAtOnce(result: object, size: ResponseSize): string {
  const text = JSON.stringify(result);
  if (maxBytesOf(text) > size.max && Buffer.byteLength(text) > size.max) {
    throw (size.excess = tooLarge(size.max));
  }
  size.release();
  return text;
}

async function writtenInPieces(result: object, least: number, size: ResponseSize): Promise<Bytes> {
  size.reserve(least);
  const pieces: Buffer[] = [];
  let length = 0;
  let text = '';
  const write = (): void => {
    const piece = Buffer.from(text);
    text = '';
    length += piece.length;
    if (length > size.max) throw (size.excess = tooLarge(size.max));
    pieces.push(piece);
  };
  for (const part of partsOf(result)) {
    text += part;
    if (text.length < pieceLength) continue;
    write();
    await nextTurn();
  }
  write();
  size.settle(length);
  return { pieces, length };
}

/** The JSON of a value in parts, none much longer than a piece. */
function* partsOf(value: unknown): Generator<string> {
  if (typeof value === 'string' && value.length > pieceLength) yield* partsOfText(value);
  else if (leastLength(value, pieceLength) <= pieceLength)
    yield value === undefined ? 'null' : JSON.stringify(value);
  else if (Array.isArray(value)) yield* partsOfList(value);
  else yield* partsOfObject(value as Record<string, unknown>);
}

function* partsOfList(list: readonly unknown[]): Generator<string> {
  yield '[';
  for (const [i, item] of list.entries()) {
    if (i > 0) yield ',';
    yield* partsOf(item);
  }
  yield ']';
}

function* partsOfObject(object: Record<string, unknown>): Generator<string> {
  let separator = '{';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${separator}${JSON.stringify(key)}:`;
    yield* partsOf(value);
    separator = ',';
  }
  yield '}';
}

function* partsOfText(text: string): Generator<string> {
  yield '"';
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + pieceLength, text.length);
    // Never split a surrogate pair.
    if (isHighSurrogate(text.charCodeAt(end - 1)) && end < text.length) end--;
    yield JSON.stringify(text.slice(start, end)).slice(1, -1);
    start = end;
  }
  yield '"';
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
