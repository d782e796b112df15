/** The bodies of articles as they will be when a set of records is written. */
import { Body } from '../../quotation/body.js';
import type { RecordSet } from '../schemas.js';
import type { ExistingRecords } from '../existing.js';
import type { Registry } from '../registry.js';

/** By the article's slug; undefined where none is held. */
export type Bodies = (article: string) => Body | undefined;

/** Each is read but once. */
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
