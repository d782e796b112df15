import { v7 as uuidv7 } from 'uuid';
import type { RecordSet } from './schemas.js';
import type { Path } from './report.js';
import type { ExistingRecords, ExistingRecord } from './existing.js';
import { recordsOf } from './walk.js';
import { type LinkTarget, type SlugSpace, linkTargetOf, spaceOf } from '../model/recordTypes.js';

/** A record that a slug means: of the set, of the knowledge base, or of both. */
export interface Registered {
  id: string;
  target: LinkTarget;
  /** Where the set declares it. */
  path?: Path;
  /** What the knowledge base has under the slug. */
  known?: ExistingRecord;
  /** The slug of the record that the set merges it into. */
  mergedInto?: string | undefined;
}

/** Knows every slug that may be used in a set of records, and gives new records their ids. */
export class Registry {
  readonly #spaces: Record<SlugSpace, Map<string, Registered>> = {
    entity: new Map(),
    article: new Map(),
    event: new Map(),
  };

  constructor(set: RecordSet, known: ExistingRecords) {
    for (const space of ['entity', 'article', 'event'] as const) {
      for (const [slug, record] of known[space]) {
        this.#spaces[space].set(slug, { id: record.id, target: record.target, known: record });
      }
    }
    for (const { recordType, record, path } of recordsOf(set)) {
      const target = linkTargetOf(recordType);
      const { slug } = record;
      if (!target || typeof slug !== 'string') continue;
      const space = this.#spaces[spaceOf(target)];
      const there = space.get(slug);
      // The first declaration counts; a second one is an error that is reported elsewhere.
      if (there?.path) continue;
      const id = typeof record['id'] === 'string' ? record['id'] : uuidv7();
      const { mergedInto } = record as { mergedInto?: string };
      space.set(slug, { id, ...there, target, path, mergedInto });
    }
  }

  /** The record that a link means: of one that the set merges, the record that stays. */
  find(slug: string, wanted: LinkTarget): Registered | undefined {
    const found = this.declared(slug, wanted);
    return found?.mergedInto === undefined
      ? found
      : (this.declared(found.mergedInto, wanted) ?? found);
  }

  /** The record that has the slug itself. */
  declared(slug: string, target: LinkTarget): Registered | undefined {
    return this.#spaces[spaceOf(target)].get(slug);
  }

  /** The id of a record that a link means; checks come first. */
  idOf(slug: string, wanted: LinkTarget): string {
    return idOfFound(slug, this.find(slug, wanted));
  }

  /** The id of a record that the set declares; checks come first. */
  declaredId(slug: string, target: LinkTarget): string {
    return idOfFound(slug, this.declared(slug, target));
  }

  /** The slugs of all records, by their ids. */
  slugsById(): Map<string, string> {
    const slugs = new Map<string, string>();
    for (const space of Object.values(this.#spaces)) {
      for (const [slug, { id, known }] of space) if (!known?.redirect) slugs.set(id, slug);
    }
    return slugs;
  }

  slugs(wanted: LinkTarget): Iterable<string> {
    return this.#spaces[spaceOf(wanted)].keys();
  }
}

// Private:

function idOfFound(slug: string, found: Registered | undefined): string {
  if (!found) throw new Error(`unchecked slug ${slug}`);
  return found.id;
}
