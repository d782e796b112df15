/** What browsers are told about every reply, and whether pages of other sites may read it. */
import type { FastifyInstance } from 'fastify';

export interface MannersOptions {
  /** Whose pages may read answers: origins such as `https://example.org`, or `*` for all. */
  corsOrigins: readonly string[];
}

export function addManners(host: FastifyInstance, { corsOrigins }: MannersOptions): void {
  const toAll = corsOrigins.includes('*');
  const granted = new Set(corsOrigins);
  host.addHook('onRequest', (request, reply, done) => {
    const { raw } = reply;
    for (const [name, value] of always) raw.setHeader(name, value);
    if (!granted.size) return done();
    if (!toAll) raw.setHeader('Vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !(toAll || granted.has(origin))) return done();
    // Never Access-Control-Allow-Credentials: what a browser would add by itself, such as a
    // cookie, is not for other sites to use. A key that a page holds itself it may send.
    raw.setHeader('Access-Control-Allow-Origin', toAll ? '*' : origin);
    raw.setHeader(
      'Access-Control-Expose-Headers',
      'ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id',
    );
    if (request.method !== 'OPTIONS') return done();
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
});
