/**
 * The page of GraphiQL, rendered once, and what a browser lets it do: run the scripts that are
 * in it and no others, and talk to this server and no other.
 */
import { createHash } from 'node:crypto';
import type { GraphiQLOptions, Plugin } from 'graphql-yoga';
import { etagOf, namedTag, taggedFor } from '../etag.js';
import { acceptedEncoding, compress, type Encoding } from '../../responses/compression.js';
import { customize } from './customize.js';
import { examples } from './examples.js';

interface Page {
  html: string;
  /** The same bytes for all, since clients may take them slowly. */
  bytes: Buffer;
  encoded: Map<Encoding, Promise<Buffer>>;
  etag: string;
  policy: string;
}

export class GraphiqlPage {
  #page: Promise<Page> | undefined;

  /** The page is some megabytes of JavaScript, which only those servers read that a browser visits. */
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
      // The page holds no secret, so credentials do not matter.
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

/** As much as is to be gained at a second's work. */
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
    // The editor writes its styles itself, and runs its checks in workers of its own making.
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
