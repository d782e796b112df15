/** Batched reader of tombstones. */
import { and, isNull } from 'drizzle-orm';
import { equalsAny } from '../../database/sql.js';
import { erasure } from '../../database/tables/index.js';
import type { Batcher, Key } from '../reading/batcher.js';
import { dependency, type View } from '../reading/view.js';
import type { Visibility } from '../reading/visibility.js';
import { uuids } from '../reading/keys.js';
import type { Queries } from '../reading/queries.js';
import { tombstoneFields, type Tombstone } from './tombstones.js';

export class Tombstones {
  readonly #queries: Queries;
  readonly #batcher: Batcher;
  readonly #seesDrafts: boolean;

  constructor(queries: Queries, batcher: Batcher, { sees }: Visibility) {
    this.#queries = queries;
    this.#batcher = batcher;
    this.#seesDrafts = sees === 'drafts';
  }

  /** The tombstone of an erased record; of a record never published, only if the viewer sees drafts. */
  async of(view: View, id: string): Promise<Tombstone | undefined> {
    view.reads?.add(dependency.record(id));
    return this.#batcher.load('tombstones', (keys) => this.#fetch(keys), id);
  }

  // Private:

  async #fetch(keys: readonly Key[]): Promise<(Tombstone | undefined)[]> {
    const rows = await this.#queries.read((db) =>
      db
        .select(tombstoneFields)
        .from(erasure)
        .where(
          and(
            isNull(erasure.field),
            this.#seesDrafts ? undefined : erasure.wasPublic,
            equalsAny(erasure.recordId, uuids(keys.map(({ text }) => text))),
          ),
        ),
    );
    const found = new Map(rows.map((row) => [row.recordId, row]));
    return keys.map(({ text }) => found.get(text));
  }
}
