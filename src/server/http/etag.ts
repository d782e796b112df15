/**
 * Answers to GET may be kept by whoever passes them on, if he asks each time whether they still
 * hold: `ETag` tells one answer from another, and to `If-None-Match` with the tag of the present
 * answer the reply is 304, without a body.
 */
import { createHash } from 'node:crypto';
import type { Body } from '../execution/serialize.js';
import type { Encoding } from '../responses/compression.js';

/** Answers differ by the type that is accepted, and by whose pages may read them. */
export const vary = 'Accept, Origin';

/** Tells one answer from another. */
export function etagOf(body: Body): string {
  const hash = createHash('sha256');
  if (typeof body === 'string') hash.update(body);
  else for (const piece of body.pieces) hash.update(piece);
  return `"${hash.digest('base64url')}"`;
}

/** The tag of what an encoding makes of an answer, which are other bytes. */
export const taggedFor = (tag: string, encoding: Encoding): string =>
  tag.replace(/"$/, `-${encoding}"`);

/** The tag of an answer, in whichever encoding, that `If-None-Match` names. */
export function namedTag(tag: string, header: string | null): string | undefined {
  const all = [tag, taggedFor(tag, 'br'), taggedFor(tag, 'gzip')];
  return all.find((each) => isNamed(each, header));
}

/** Whether `If-None-Match` names the tag; a proxy may have marked it as weak. */
export const isNamed = (tag: string, header: string | null): boolean =>
  header === '*' ||
  (header ?? '').split(',').some((named) => named.trim().replace(/^W\//, '') === tag);
