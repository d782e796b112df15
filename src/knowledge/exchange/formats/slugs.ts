/** Slugs of records that are known by nothing but their id within a source. */
import { createHash } from 'node:crypto';
import { slugify } from '../../values/names.js';

/**
 * A slug that no record of another source, class or id has, and that is the same whenever the
 * source gives the record again.
 *
 * @param words What people are to recognize it by.
 */
export function slugWithin(source: string, kind: string, id: string, words: string): string {
  const key = createHash('sha256')
    .update(JSON.stringify([source, kind, id]))
    .digest('hex')
    .slice(0, 12);
  const stem = slugify(words).slice(0, 120).replace(/-$/, '');
  return [stem, key].filter((part) => part !== '').join('-');
}
