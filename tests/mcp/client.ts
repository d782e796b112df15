/** Calls of tools through the client of the SDK. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Chancery } from '../../src/chancery.js';

export interface Answer {
  text: string;
  isError: boolean;
  /** The tokens of the whole result: three bytes each, rounded up. */
  tokens: number;
  /** The text as JSON. */
  json: Record<string, unknown>;
}

export type Call = (name: string, args?: Record<string, unknown>) => Promise<Answer>;

/** Calls tools of a knowledge base in this process, with a key or without. */
export async function connect(chancery: Chancery, key?: string): Promise<Call> {
  return callThrough(
    new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), {
      fetch: (url, options) => chancery.mcp.fetch(new Request(url, options)),
      ...(key !== undefined && { requestInit: { headers: { authorization: `Bearer ${key}` } } }),
    }),
  );
}

export async function callThrough(transport: Transport): Promise<Call> {
  const client = await connected(transport);
  return async (name, args = {}) => answerOf(await client.callTool({ name, arguments: args }));
}

export async function connected(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  return client;
}

export function answerOf(result: Record<string, unknown>): Answer {
  const [{ text }] = result['content'] as [{ text: string }];
  return {
    text,
    isError: result['isError'] === true,
    tokens: Math.ceil(Buffer.byteLength(JSON.stringify(result)) / 3),
    get json() {
      return JSON.parse(text) as Record<string, unknown>;
    },
  };
}
