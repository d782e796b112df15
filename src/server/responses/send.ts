/** Sends the results of plain queries, without Yoga. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResponseType } from '../http/contentNegotiation.js';
import { type SerializedResult, inPieces, type Body } from '../execution/serialize.js';
import type { ResponseBudget } from './budget.js';
import { deliver } from './delivery.js';
import { compressed, encodingFor, minCompressed, type Encoding } from './compression.js';

/** Writes a result; small ones in one go, and uncompressed. */
export function send(
  { headers }: IncomingMessage,
  response: ServerResponse,
  type: ResponseType,
  { body, size }: SerializedResult,
  budget: ResponseBudget,
  mayCompress = true,
): Promise<void> | undefined {
  if (typeof body === 'string' && body.length < minCompressed) {
    return write(response, type, body);
  }
  response.appendHeader('Vary', 'Accept-Encoding');
  const encoding = mayCompress
    ? encodingFor((name) => headers[name] as string | undefined)
    : undefined;
  const compressing = compressed(body, encoding);
  const give = (given: Body | Buffer, by?: Encoding): Promise<void> | undefined => {
    if (typeof given === 'string') return write(response, type, given);
    const bytes = Buffer.isBuffer(given) ? inPieces(given) : given;
    // Only the compressed bytes are held from now on.
    if (by) size?.settle(bytes.length);
    response.writeHead(200, headersOf(type, bytes.length, by));
    return deliver(response, bytes, budget, size);
  };
  // However the response ends, and also if the client has left already.
  size?.releaseAtEndOf(response);
  return compressing
    ? compressing.then((bytes) => (bytes ? give(bytes, encoding) : give(body)))
    : give(body);
}

// Private:

function write(response: ServerResponse, type: ResponseType, body: string): undefined {
  response.writeHead(200, headersOf(type, Buffer.byteLength(body)));
  response.end(body);
}

const headersOf = (type: ResponseType, length: number, encoding?: Encoding) => ({
  'content-type': `${type}; charset=utf-8`,
  'content-length': length,
  ...(encoding && { 'content-encoding': encoding }),
});
