/** The tools for agents at `/mcp`: requests of Fastify as those of the Fetch API. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Mcp } from '../mcp/mcp.js';
import { mcpOperationName } from '../mcp/operations.js';
import { fetchHeadersOf } from './fetchRequest.js';

/** The path of the tools. */
export const mcpPath = '/mcp';

export interface McpRouteOptions {
  /** The base of addresses of records. Default: the host of the request. */
  publicUrl?: string | undefined;
}

export function addMcp(host: FastifyInstance, mcp: Mcp, { publicUrl }: McpRouteOptions): void {
  host.route({
    url: mcpPath,
    method: ['GET', 'POST', 'DELETE'],
    handler: async (request, reply) => {
      const aborted = new AbortController();
      reply.raw.once('close', () => aborted.abort());
      const base = publicUrl ?? `${originOf(request)}/`;
      const { meter, requestRecord, body } = request;
      // Until a tool executes an operation of its own.
      requestRecord.operation = { type: 'query', name: mcpOperationName };
      const response = await mcp.fetch(fetchRequest(request, aborted.signal), {
        ...{ meter, requestRecord, base },
        body: body ?? undefined,
      });
      return reply.send(response);
    },
  });
}

// Private:

const originOf = ({ protocol, headers }: FastifyRequest): string =>
  `${protocol}://${headers.host ?? 'localhost'}`;

/** The body, which Fastify has parsed, is handed over beside the request. */
function fetchRequest(request: FastifyRequest, signal: AbortSignal): Request {
  return new Request(new URL(mcpPath, originOf(request)), {
    ...{ method: request.method, headers: fetchHeadersOf(request.headers), signal },
  });
}
