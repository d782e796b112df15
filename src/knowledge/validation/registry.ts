import { v7 as uuidv7 } from 'uuid';
import type { RecordSet } from './schemas.js';
import type { Path } from './report.js';
import type { ExistingRecords, ExistingRecord } from './existing.js';
import { recordsOf } from './walk.js';
import { type LinkTarget, type SlugSpace, linkTargetOf, spaceOf } from '../model/recordTypes.js';

/** The record of a slug: in the set, the knowledge base, or both. */
export interface Registered {
  id: string;
  target: LinkTarget;
  /** The place of its declaration in the set. */
  path?: Path;
  /** The record that has the slug in the knowledge base. */
  known?: ExistingRecord;
  /** The slug of the record that the set merges it into. */
  mergedInto?: string | undefined;
}

/** Resolves the slugs of a set of records, and assigns ids to new records. */
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
      const existing = space.get(slug);
      // The first declaration wins; checkSlugs reports a second one.
      if (existing?.path) continue;
      const id = typeof record['id'] === 'string' ? record['id'] : uuidv7();
      const { mergedInto } = record as { mergedInto?: string };
      space.set(slug, { id, ...existing, target, path, mergedInto });
    }
  }

  /** The record that a link refers to: for one that the set merges, the record that remains. */
  find(slug: string, target: LinkTarget): Registered | undefined {
    const found = this.declared(slug, target);
    return found?.mergedInto === undefined
      ? found
      : (this.declared(found.mergedInto, target) ?? found);
  }

  /** The record that has the slug itself. */
  declared(slug: string, target: LinkTarget): Registered | undefined {
    return this.#spaces[spaceOf(target)].get(slug);
  }

  /** The id of the record that a link refers to, which was checked to exist. */
  idOf(slug: string, target: LinkTarget): string {
    return idOfFound(slug, this.find(slug, target));
  }

  /** The id of the record that the set declares, which was checked to exist. */
  declaredId(slug: string, target: LinkTarget): string {
    return idOfFound(slug, this.declared(slug, target));
  }

  /** The slugs of all records, by id. */
  slugsById(): Map<string, string> {
    const slugs = new Map<string, string>();
    for (const space of Object.values(this.#spaces)) {
      for (const [slug, { id, known }] of space) if (!known?.redirect) slugs.set(id, slug);
    }
    return slugs;
  }

  slugs(target: LinkTarget): Iterable<string> {
    return this.#spaces[spaceOf(target)].keys();
  }
}

// Private:

function idOfFound(slug: string, found: Registered | undefined): string {
  if (!found) throw new Error(`unchecked slug ${slug}`);
  return found.id;
}
