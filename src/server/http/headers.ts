/** What browsers are told about every reply, and whether pages of other sites may read it. */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Whose pages may read answers: origins such as `https://example.org`, or `*` for all. */
export class ResponseHeaders {
  readonly #toAll: boolean;
  readonly #granted: ReadonlySet<string>;

  constructor(corsOrigins: readonly string[]) {
    this.#toAll = corsOrigins.includes('*');
    this.#granted = new Set(corsOrigins);
  }

  /** What every reply says to a page of that origin: names and values in turn, as `writeHead` has it. */
  headersFor(origin: string | undefined): readonly string[] {
    if (!this.#granted.size) return always;
    const said = this.#toAll ? always : [...always, 'Vary', 'Origin'];
    if (!this.grants(origin)) return said;
    // Never Access-Control-Allow-Credentials: what a browser would add by itself, such as a
    // cookie, is not for other sites to use. A key that a page holds itself it may send.
    return [...said, 'Access-Control-Allow-Origin', this.#toAll ? '*' : origin, ...exposed];
  }

  /** Has a reply say that. */
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
      // Without this header it is no preflight request of a browser.
      const isPreflight = request.headers['access-control-request-method'] !== undefined;
      return isPreflight ? reply.code(403).send({ errors: [notAllowed(String(origin))] }) : done();
    }
    return reply
      .code(204)
      .headers({
        'Access-Control-Allow-Methods': 'GET, POST',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Request-Id, traceparent',
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
  // Answers are data. The one page there is, GraphiQL, has a policy of its own.
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
