/** The bodies of articles after a set of records is written. */
import { Body } from '../../quotation/body.js';
import type { RecordSet } from '../schemas.js';
import type { ExistingRecords } from '../existing.js';
import type { Registry } from '../registry.js';

/** Returns a body by the article's slug; undefined if none is stored. */
export type Bodies = (article: string) => Body | undefined;

/** Bodies of the set and the knowledge base, each prepared once. */
export function bodiesOf(set: RecordSet, known: ExistingRecords, registry: Registry): Bodies {
  const given = new Map(set.articles.map(({ slug, body }) => [slug, body]));
  const read = new Map<string, Body | undefined>();
  return (slug) => {
    if (!read.has(slug)) {
      const held = known.bodies.get(registry.find(slug, 'ARTICLE')?.id ?? '');
      const text = given.get(slug) === undefined ? held : given.get(slug);
      read.set(slug, typeof text === 'string' ? new Body(text) : undefined);
    }
    return read.get(slug);
  };
}
