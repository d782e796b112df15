import { createHash } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';

/**
 * Answers to GET may be kept by whoever passes them on, if he asks each time whether they
 * still hold: `ETag` tells one answer from another, and to `If-None-Match` with the tag of the
 * present answer the reply is 304, without a body.
 */
export const revalidation = (): Plugin => ({
  onResponse: async ({ request, response, fetchAPI, ...hook }) => {
    if (request.method !== 'GET' || response.status !== 200) return;
    const type = response.headers.get('content-type') ?? '';
    if (!/^application\/(graphql-response\+)?json/.test(type)) return;
    const body = await response.text();
    const headers = {
      // Who sends credentials may see more than others.
      'cache-control': request.headers.has('authorization')
        ? 'private, no-cache'
        : 'public, no-cache',
      etag: etagOf(body),
      vary,
    };
    hook.setResponse(
      isNamed(headers.etag, request.headers.get('if-none-match'))
        ? new fetchAPI.Response(null, { status: 304, headers })
        : new fetchAPI.Response(body, { headers: { ...headers, 'content-type': type } }),
    );
  },
});

/** Answers differ by the type that is accepted, and by whose pages may read them. */
export const vary = 'Accept, Origin';

/** Tells one answer from another. */
export const etagOf = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url')}"`;

/** Whether `If-None-Match` names the tag; a proxy may have marked it as weak. */
export const isNamed = (tag: string, header: string | null): boolean =>
  header === '*' ||
  (header ?? '').split(',').some((named) => named.trim().replace(/^W\//, '') === tag);
