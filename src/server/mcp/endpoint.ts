/**
 * MCP over streamable HTTP, as a Fetch handler. Each request has a server of its own and nothing is
 * kept between requests, so that any worker answers any of them.
 */
import { createMcpHandler, readRequestBody } from '@modelcontextprotocol/server';
import type { GraphQLSchema } from 'graphql';
import { maxRequestBytes } from '../admission/limits.js';
import type { Authenticator } from '../auth/authenticator.js';
import { authenticate } from '../auth/identityPlugin.js';
import { replyTo } from '../errors/rejection.js';
import type { Executor } from '../execution/executor.js';
import type { RequestContext, Requester } from '../execution/requester.js';
import { createMcpServer } from './mcpServer.js';
import { originFault, type OriginRules } from './origins.js';
import { Reader } from './reader.js';

export interface McpOptions extends Partial<OriginRules> {
  /** The base of addresses of records, where these are served: `https://knowledge.example/`. Default: none. */
  publicUrl?: string | undefined;
}

export interface McpEndpointOptions extends McpOptions {
  executor: Executor;
  schema: GraphQLSchema;
  introspection: boolean;
  authenticator: Authenticator;
}

/** What the host of the endpoint knows about a request. */
export interface McpContext extends Requester {
  /** The body, if it has been parsed already. */
  body?: unknown;
  /** The base of addresses of records on this host. */
  base?: string | undefined;
}

export type McpFetch = (request: Request, context?: McpContext) => Promise<Response>;

export function createMcpEndpoint({
  executor,
  schema,
  introspection,
  authenticator,
  hosts = [],
  origins = [],
  publicUrl,
}: McpEndpointOptions): McpFetch {
  const publicHost = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  const rules = { hosts: [...hosts, ...publicHost], origins };
  return async (request, { body: parsed, base, ...requester } = {}) => {
    const host = request.headers.get('host') ?? new URL(request.url).host;
    const fault = originFault(rules, { host, origin: request.headers.get('origin') });
    if (fault !== undefined) return failed(403, fault);
    const read = request.method === 'POST' ? await bodyOf(request, parsed) : {};
    if (read instanceof Response) return read;
    const client = await identified(request, requester, { executor, authenticator });
    if (client instanceof Response) return client;
    const open = (signal: AbortSignal): Promise<Reader> =>
      Promise.resolve(
        new Reader({
          ...{ executor, schema, introspection, signal },
          requester: client,
          base: publicUrl ?? base,
        }),
      );
    const handler = createMcpHandler(
      () => createMcpServer({ open, maskError: executor.maskError }),
      // The tools never change, so that there is nothing to subscribe to.
      { maxSubscriptions: 0 },
    );
    return handler.fetch(request, read.body === undefined ? {} : { parsedBody: read.body });
  };
}

// Private:

/** The body as JSON. Batches are rejected: the protocol has none since 2025-06-18. */
async function bodyOf(request: Request, parsed: unknown): Promise<{ body?: unknown } | Response> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    return failed(415, 'Send JSON, with the content type application/json.');
  }
  let body = parsed;
  if (body === undefined) {
    const read = await readRequestBody(request, maxRequestBytes);
    if (read.tooLarge) return failed(413, 'A request may have up to 1 MB.');
    try {
      body = JSON.parse(read.text);
    } catch {
      return failed(400, 'The body is not JSON.', parseError);
    }
  }
  if (Array.isArray(body)) {
    return failed(400, 'Batches are not supported: send one message in each request.');
  }
  return { body };
}

/** The client, by its credentials; or the response that rejects them. */
async function identified(
  request: Request,
  requester: Requester,
  { executor, authenticator }: Pick<McpEndpointOptions, 'executor' | 'authenticator'>,
): Promise<Requester | Response> {
  if (requester.identity) return requester;
  const { requestRecord } = requester;
  const authorization = request.headers.get('authorization');
  const proof = { authorization, request: () => request, requestId: requestRecord?.id };
  const context: RequestContext = { ...requester, proof };
  const rejected = await authenticate(context, authenticator, executor.admission.concurrency);
  if (!rejected) return context;
  const { status, headers } = replyTo(rejected);
  requestRecord?.note([rejected]);
  return failed(status, rejected.message, serverError, headers);
}

const serverError = -32_000;
const parseError = -32_700;

const failed = (
  status: number,
  message: string,
  code = serverError,
  headers: Record<string, string> = {},
): Response =>
  Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers });
