import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { AppIdentify } from '../../src/server/auth/appIdentity.js';
import { hosted } from '../support/hosted.js';
import { bearerOf } from '../support/bearer.js';
import { answerOf, callThrough } from './client.js';

const identify: AppIdentify = (request) => {
  const role = (['EDITOR', 'READER'] as const).find((each) => each === bearerOf(request));
  return role && { id: role, name: role, role };
};

const initialize = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  },
};

/** Sends a message as it is; headers such as Host cannot be set by `fetch`. */
function post(
  origin: string,
  body: unknown,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${origin}/mcp`,
      {
        method,
        headers: {
          ...(method === 'POST' && { 'content-type': 'application/json' }),
          accept: 'application/json, text/event-stream',
          ...headers,
        },
      },
      (response) => {
        text(response).then(
          (body) => resolve({ status: response.statusCode, headers: response.headers, body }),
          reject,
        );
      },
    );
    sent.on('error', reject);
    if (method !== 'POST') sent.end();
    else sent.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

describe('/mcp', () => {
  const server = hosted(
    {},
    { identify, mcp: { hosts: ['knowledge.example'], origins: ['https://app.example'] } },
  );
  const url = () => new URL(`${server.origin}/mcp`);

  it('answers clients of each version of the protocol', async () => {
    const args = { entity: 'nato', include: ['offices'], kind: ['LIAISON'] };
    const older = await callThrough(new StreamableHTTPClientTransport(url()));
    const modern = new ModernClient({ name: 'test', version: '1' });
    await modern.connect(new ModernTransport(url()));
    const answers = [
      await older('facts', args),
      answerOf(await modern.callTool({ name: 'facts', arguments: args })),
    ];
    await modern.close();
    for (const { json, tokens } of answers) {
      expect(json['offices']).toHaveLength(8);
      expect(tokens).toBeLessThanOrEqual(2000);
      const { a1 } = json['sources'] as Record<string, { address: string }>;
      const linked = await fetch(a1!.address, { headers: { accept: 'application/ld+json' } });
      expect(await linked.text()).toContain('NATO to open its 1st Asian office in Japan');
    }
  });

  it.each([
    ['evil.example', undefined, 403, /CHANCERY_MCP_HOSTS/],
    ['evil.example:4000', 'http://evil.example:4000', 403, /CHANCERY_MCP_HOSTS/],
    ['localhost.evil.example', undefined, 403, /CHANCERY_MCP_HOSTS/],
    ['localhost:4000', 'http://evil.example', 403, /CHANCERY_CORS_ORIGINS/],
    ['localhost:4000', 'null', 403, /CHANCERY_CORS_ORIGINS/],
    ['localhost:4000', 'http://localhost:3000', 403, /CHANCERY_CORS_ORIGINS/],
    ['localhost:4000', 'http://localhost:4000', 200, /protocolVersion/],
    ['127.0.0.1', undefined, 200, /protocolVersion/],
    ['[::1]:4000', undefined, 200, /protocolVersion/],
    ['knowledge.example', 'https://app.example', 200, /protocolVersion/],
  ])('takes Host %s with Origin %s as %i', async (host, origin, status, body) => {
    const answer = await post(server.origin, initialize, {
      host,
      ...(origin !== undefined && { origin }),
    });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatch(body);
  });

  it('gives a call the rights of its own credentials, among others at the same time', async () => {
    const query = '{ organization(slug: "nato") { history { pageInfo { hasNextPage } } } }';
    const clients = await Promise.all(
      ['EDITOR', 'READER', undefined].map((role) =>
        callThrough(
          new StreamableHTTPClientTransport(url(), {
            requestInit: { headers: role ? { authorization: `Bearer ${role}` } : {} },
          }),
        ),
      ),
    );
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) => clients[i % 3]!('query', { query })),
    );
    for (const [i, { text }] of answers.entries()) {
      if (i % 3 === 0) expect(text).toContain('hasNextPage');
      else expect(text).not.toContain('hasNextPage');
    }
  });

  it('rejects wrong credentials with 401', async () => {
    const answer = await post(server.origin, initialize, { authorization: 'Bearer WRONG' });
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(answer.body).toContain('the credentials are unknown');
  });

  it.each([
    ['a body of 2 MB', 'x'.repeat(2_000_000), {}, 'POST', 413],
    ['what is not JSON', '{"jsonrpc":', {}, 'POST', 400],
    ['a batch', [initialize, initialize], {}, 'POST', 400],
    ['a text', 'hello', { 'content-type': 'text/plain' }, 'POST', 415],
    ['GET, for there are no sessions', '', {}, 'GET', 405],
    ['DELETE', '', {}, 'DELETE', 405],
  ])('rejects %s', async (_, body, headers, method, status) => {
    expect((await post(server.origin, body, headers, method)).status).toBe(status);
  });

  it('has nothing to subscribe to, so that no stream stays open', async () => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const { body } = await post(
      server.origin,
      {
        ...{ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen' },
        params: { notifications: { toolsListChanged: true }, _meta: meta },
      },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' },
    );
    expect(body).toMatch(/Subscription limit reached/);
  });

  it('answers each of many calls at the same time', async () => {
    const call = await callThrough(new StreamableHTTPClientTransport(url()));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => call('search', { query: `nato ${i}` })),
    );
    for (const { text, isError } of answers)
      expect(isError || text.includes('totalCount')).toBe(true);
  });
});

describe('/mcp of a server with a rate limit', () => {
  const server = hosted({ pointsPerMinute: 60 });

  it('charges each operation of a call, and says when there are enough points again', async () => {
    const call = {
      ...{ jsonrpc: '2.0', id: 2, method: 'tools/call' },
      params: { name: 'facts', arguments: { entity: 'nato' } },
    };
    const remaining: number[] = [];
    let last = '';
    while (!last.includes('RATE_LIMITED') && remaining.length < 60) {
      const { headers, body } = await post(server.origin, call);
      remaining.push(Number(/r=(\d+)/.exec(String(headers['ratelimit']))?.[1]));
      last = body;
    }
    // The look-up of the entity takes one point, its facts several.
    expect(60 - remaining[0]!).toBeGreaterThan(2);
    expect(last).toMatch(/RATE_LIMITED.*there are enough in \d+ s/);
  });
});
