/**
 * Compression of responses (RFC 9110, Content-Encoding), in the thread pool.
 *
 * Responses to requests with credentials are not compressed: the length of a compressed response
 * discloses whether a text of the request occurs in it, even if it is encrypted (BREACH).
 */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Body } from '../execution/serialize.js';

export type Encoding = 'br' | 'gzip';

/** A smaller body fits into a packet or two. */
export const minCompressed = 2048;

/** A larger body is compressed fast rather than well. */
const maxThorough = 1024 * 1024;

/** Bodies that are compressed at a time; beyond them, bodies are sent uncompressed. */
const maxRunning = 4;

/** Headers, read by name. */
type ReadHeader = (name: string) => string | null | undefined;

/** The encoding for a request; undefined if the response must not be compressed. */
export const encodingFor = (header: ReadHeader): Encoding | undefined =>
  header('authorization') == null && header('cookie') == null
    ? acceptedEncoding(header('accept-encoding'))
    : undefined;

/** The best encoding that `Accept-Encoding` allows. */
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
 * The compressed body; undefined if the body is too small, too many others are being compressed,
 * or compression fails: then the body is sent as it is.
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

/** The bytes that are compressed in one turn of the event loop. */
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
