/** The bodies of requests that an embedding app passes on, read up to a limit. */
import type { IncomingMessage } from 'node:http';
import { maxRequestBytes } from '../admission/limits.js';

export const bodyTooLarge =
  'A request may have up to 1 MB. Send less, or split it into several requests.';

/**
 * The body of a request of Node.js; undefined if it is too large.
 *
 * @throws Error if the app has read it
 */
export async function readNodeBody(req: IncomingMessage): Promise<string | undefined> {
  if (req.readableEnded) {
    throw new Error(
      'the body of the request was read before the handler of Chancery; hand it over as req.body, or mount the handler before the parser of bodies',
    );
  }
  if (isDeclaredTooLarge(req.headers['content-length'])) return undefined;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of req as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > maxRequestBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length).toString();
}

/** The body of a Fetch request; undefined if it is too large. */
export async function readBody(request: Request): Promise<string | undefined> {
  const declared = request.headers.get('content-length');
  if (isDeclaredTooLarge(declared)) return undefined;
  // The server of the app reads no more than is declared.
  if (declared !== null || request.body === null) return request.text();
  const decoder = new TextDecoder();
  let length = 0;
  let text = '';
  for await (const piece of request.body as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > maxRequestBytes) return undefined;
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

// Private:

const isDeclaredTooLarge = (length: string | null | undefined): boolean =>
  Number(length ?? 0) > maxRequestBytes;
