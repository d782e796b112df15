/** MCP over standard input and output, for one client. */
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { maxRequestBytes } from '../admission/limits.js';
import { noHeaders, RateLimiter } from '../admission/rateLimiter.js';
import { createMcpServer } from './mcpServer.js';
import type { McpEndpointOptions } from './endpoint.js';
import { Reader } from './reader.js';

export interface StdioOptions {
  input: Readable;
  output: Writable;
  /** What an HTTP client would send as `Authorization`. Default: none, for a reader without a key. */
  authorization?: string | undefined;
  /** The points of the client each minute; 0: any number. Default 0. */
  pointsPerMinute?: number | undefined;
  /** Reports messages that are not of the protocol. */
  onError?: ((error: Error) => void) | undefined;
}

/** Resolves when the input has ended and all calls are answered. */
export async function serveMcpOverStdio(
  { executor, schema, introspection, authenticator, publicUrl }: McpEndpointOptions,
  { input, output, authorization, pointsPerMinute = 0, onError = () => {} }: StdioOptions,
): Promise<void> {
  const rateLimiter = pointsPerMinute > 0 ? new RateLimiter(pointsPerMinute) : undefined;
  const open = async (signal: AbortSignal): Promise<Reader> => {
    // The key is checked for each call, as it may be revoked meanwhile.
    const identity = await executor.admission.concurrency.within(() =>
      authenticator.identityByHeader(authorization),
    );
    const meter = rateLimiter?.open('stdio', noHeaders);
    const requester = { identity, meter };
    return new Reader({ executor, schema, introspection, requester, signal, base: publicUrl });
  };
  const calls = new Set<Promise<unknown>>();
  const track = (call: Promise<unknown>): void => {
    calls.add(call);
    void call.finally(() => calls.delete(call));
  };
  // The transport closes when its input ends, and drops the calls that run then.
  const relayed = new PassThrough();
  const transport = new StdioServerTransport(relayed, output, { maxBufferSize: maxRequestBytes });
  const served = serveStdio(
    () => createMcpServer({ open, track, maskError: executor.maskError }),
    // The tools never change, so that there is nothing to subscribe to.
    { transport, maxSubscriptions: 0, onerror: onError },
  );
  input.pipe(relayed, { end: false });
  await Promise.race([finished(input, { writable: false }), finished(relayed)]).catch(onError);
  do {
    await Promise.all(calls);
    // Results are written in the turn in which their calls end.
    await nextTurn();
  } while (calls.size > 0);
  await served.close();
}
