/**
 * Compression of answers (RFC 9110, Content-Encoding), in the thread pool.
 *
 * Answers to requests with credentials are not compressed: how long a compressed answer is tells
 * what of the client's text occurs in it, also where it is encrypted (BREACH).
 */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Body } from '../execution/serialize.js';

export type Encoding = 'br' | 'gzip';

/** What is smaller fits into a packet or two as it is. */
export const minCompressed = 2048;

/** What is larger is compressed fast rather than well. */
const maxThorough = 1024 * 1024;

/** Answers that are compressed at a time; while there are more, they are sent as they are. */
const maxRunning = 4;

/** Headers, read by name. */
type ReadHeader = (name: string) => string | null | undefined;

/** The encoding for a client; undefined where the answer has to be sent as it is. */
export const encodingFor = (header: ReadHeader): Encoding | undefined =>
  header('authorization') == null && header('cookie') == null
    ? acceptedEncoding(header('accept-encoding'))
    : undefined;

/** The better one of ours that `Accept-Encoding` allows. */
export function acceptedEncoding(header: string | null | undefined): Encoding | undefined {
  if (!header) return undefined;
  let known = remembered.get(header);
  if (known === undefined) {
    known = negotiated(header) ?? 'none';
    // Clients send few different headers; those of one that sends many are not remembered.
    if (remembered.size < 100) remembered.set(header, known);
  }
  return known === 'none' ? undefined : known;
}

let running = 0;

/**
 * A body compressed; undefined where it is too small, too many others are at the moment, or it cannot
 * be: then it is sent as it is.
 */
export function compressed(
  body: Body,
  encoding: Encoding | undefined,
): Promise<Buffer | undefined> | undefined {
  if (!encoding || body.length < minCompressed || running >= maxRunning) return undefined;
  running++;
  return compressedBody(body, encoding)
    .catch(() => undefined)
    .finally(() => running--);
}

export const compress = (bytes: Buffer, encoding: Encoding, level: number): Promise<Buffer> =>
  encoding === 'gzip'
    ? promisify(gzip)(bytes, { level, chunkSize })
    : promisify(brotliCompress)(bytes, {
        chunkSize,
        params: {
          [constants.BROTLI_PARAM_QUALITY]: level,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      });

// Private:

async function compressedBody(body: Body, encoding: Encoding): Promise<Buffer> {
  const bytes =
    typeof body === 'string' ? Buffer.from(body) : Buffer.concat(body.pieces, body.length);
  return compress(bytes, encoding, body.length <= maxThorough ? 4 : 1);
}

/** What is compressed in one go; each takes a turn of the event loop. */
const chunkSize = 256 * 1024;

const remembered = new Map<string, Encoding | 'none'>();

function negotiated(header: string): Encoding | undefined {
  const qualities = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((each) => each.trim());
    const quality = parameters.find((each) => each.startsWith('q='))?.slice(2);
    qualities.set(name === 'x-gzip' ? 'gzip' : name, quality === undefined ? 1 : Number(quality));
  }
  const qualityOf = (name: string): number => qualities.get(name) ?? qualities.get('*') ?? 0;
  const [br, gz] = [qualityOf('br'), qualityOf('gzip')];
  const identity = qualities.get('identity') ?? 0;
  if (!(Math.max(br, gz) > 0) || identity > Math.max(br, gz)) return undefined;
  return br >= gz ? 'br' : 'gzip';
}
