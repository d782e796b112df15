/**
 * The page of GraphiQL, rendered once, with a Content-Security-Policy: a browser runs only its own
 * scripts, and connects only to this server.
 */
import { createHash } from 'node:crypto';
import type { GraphiQLOptions, Plugin } from 'graphql-yoga';
import { etagOf, namedTag, taggedFor } from '../etag.js';
import { acceptedEncoding, compress, type Encoding } from '../../responses/compression.js';
import { customize } from './customize.js';
import { examples } from './examples.js';

interface Page {
  html: string;
  /** Shared by all responses, since clients may read them slowly. */
  bytes: Buffer;
  encoded: Map<Encoding, Promise<Buffer>>;
  etag: string;
  policy: string;
}

export class GraphiqlPage {
  #page: Promise<Page> | undefined;

  /** Loaded on demand: the page has some megabytes of JavaScript. */
  readonly render = async (options?: GraphiQLOptions): Promise<string> => {
    this.#page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) => {
      const html = customize(renderGraphiQL(options), examples);
      const bytes = Buffer.from(html);
      return { html, bytes, encoded: new Map(), etag: etagOf(html), policy: policyOf(html) };
    });
    return (await this.#page).html;
  };

  readonly plugin: Plugin = {
    onResponse: async ({ request, response, fetchAPI, ...hook }) => {
      if (!response.headers.get('content-type')?.startsWith('text/html')) return;
      const page = await this.#page;
      if (!page) return;
      // The page contains no secrets, so CORS with credentials is irrelevant.
      const encoding = acceptedEncoding(request.headers.get('accept-encoding'));
      const named = namedTag(page.etag, request.headers.get('if-none-match'));
      const headers = {
        'cache-control': 'public, no-cache',
        'content-security-policy': page.policy,
        etag: named ?? (encoding ? taggedFor(page.etag, encoding) : page.etag),
        vary: 'Accept, Accept-Encoding',
      };
      if (named !== undefined) {
        hook.setResponse(new fetchAPI.Response(null, { status: 304, headers }));
        return;
      }
      const bytes = encoding ? await encodedOnce(page, encoding) : page.bytes;
      hook.setResponse(
        new fetchAPI.Response(bytes as BodyInit, {
          status: response.status,
          headers: {
            ...headers,
            'content-type': 'text/html; charset=utf-8',
            'content-length': String(bytes.length),
            ...(encoding && { 'content-encoding': encoding }),
          },
        }),
      );
    },
  };
}

// Private:

/** The best compression that takes about a second. */
const thoroughly = { br: 9, gzip: 9 } as const;

function encodedOnce({ bytes, encoded }: Page, encoding: Encoding): Promise<Buffer> {
  let compressing = encoded.get(encoding);
  if (!compressing) {
    compressing = compress(bytes, encoding, thoroughly[encoding]);
    encoded.set(encoding, compressing);
  }
  return compressing;
}

function policyOf(html: string): string {
  const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    // The editor writes its styles itself, and runs its checks in workers from blobs.
    "style-src 'unsafe-inline'",
    'worker-src blob: data:',
    'font-src data:',
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
