/** Security headers and CORS. */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** The origins whose pages may read responses, such as `https://example.org`, or `*`. */
export class ResponseHeaders {
  readonly #toAll: boolean;
  readonly #granted: ReadonlySet<string>;

  constructor(corsOrigins: readonly string[]) {
    this.#toAll = corsOrigins.includes('*');
    this.#granted = new Set(corsOrigins);
  }

  /** The headers of a response to an origin: names and values alternately, as for `writeHead`. */
  headersFor(origin: string | undefined): readonly string[] {
    if (!this.#granted.size) return always;
    const said = this.#toAll ? always : [...always, 'Vary', 'Origin'];
    if (!this.grants(origin)) return said;
    // Never Access-Control-Allow-Credentials: pages of other sites must not use a visitor's cookies.
    // They may send a key of their own.
    return [...said, 'Access-Control-Allow-Origin', this.#toAll ? '*' : origin, ...exposed];
  }

  /** Sets the headers of a response. */
  write(response: ServerResponse, origin: string | undefined): void {
    const said = this.headersFor(origin);
    for (let i = 0; i < said.length; i += 2) response.setHeader(said[i] ?? '', said[i + 1] ?? '');
  }

  grants(origin: string | undefined): origin is string {
    return origin !== undefined && (this.#toAll || this.#granted.has(origin));
  }
}

export function addResponseHeaders(host: FastifyInstance, responseHeaders: ResponseHeaders): void {
  host.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    responseHeaders.write(reply.raw, origin);
    if (request.method !== 'OPTIONS') return done();
    if (!responseHeaders.grants(origin)) {
      // Without this header it is not a preflight request.
      const isPreflight = request.headers['access-control-request-method'] !== undefined;
      return isPreflight ? reply.code(403).send({ errors: [notAllowed(String(origin))] }) : done();
    }
    return reply
      .code(204)
      .headers({
        'Access-Control-Allow-Methods': 'GET, POST',
        'Access-Control-Allow-Headers':
          'Authorization, Content-Type, X-Request-Id, traceparent, MCP-Protocol-Version, Mcp-Method, Mcp-Name',
        'Access-Control-Max-Age': '7200',
      })
      .send();
  });
}

// Private:

const always = Object.entries({
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // Responses are data. The page of GraphiQL has a policy of its own.
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
}).flat();

const notAllowed = (origin: string) => ({
  message: `Pages of ${origin} may not send requests to this server: CHANCERY_CORS_ORIGINS does not list that origin.`,
  extensions: { code: 'FORBIDDEN' },
});

const exposed = [
  'Access-Control-Expose-Headers',
  'ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id',
];
