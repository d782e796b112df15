/** Generates slugs for records that have only an id within a source. */
import { createHash } from 'node:crypto';
import { slugify } from '../../values/names.js';

/**
 * A slug that is unique for the source, class and id, and stable across imports.
 *
 * @param words The readable part.
 */
export function slugWithin(source: string, kind: string, id: string, words: string): string {
  const key = createHash('sha256')
    .update(JSON.stringify([source, kind, id]))
    .digest('hex')
    .slice(0, 12);
  const stem = slugify(words).slice(0, 120).replace(/-$/, '');
  return [stem, key].filter((part) => part !== '').join('-');
}
