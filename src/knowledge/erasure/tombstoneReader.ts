/** Reading tombstones, batched as everything that is read. */
import { sql } from 'drizzle-orm';
import { readRows } from '../../database/database.js';
import type { Batcher, Key } from '../reading/batcher.js';
import { dependency, type View } from '../reading/view.js';
import type { Visibility } from '../reading/visibility.js';
import { uuids } from '../reading/keys.js';
import type { Queries } from '../reading/queries.js';
import type { Tombstone } from './tombstones.js';

export class Tombstones {
  readonly #queries: Queries;
  readonly #batcher: Batcher;
  readonly #seesDrafts: boolean;

  constructor(queries: Queries, batcher: Batcher, { sees }: Visibility) {
    this.#queries = queries;
    this.#batcher = batcher;
    this.#seesDrafts = sees === 'drafts';
  }

  /** The tombstone of a record that was erased; of one that was never published only where drafts are seen. */
  async of(view: View, id: string): Promise<Tombstone | undefined> {
    view.reads?.add(dependency.record(id));
    return this.#batcher.load('tombstones', (keys) => this.#fetch(keys), id);
  }

  // Private:

  async #fetch(keys: readonly Key[]): Promise<(Tombstone | undefined)[]> {
    const rows = await this.#queries.read((db) =>
      readRows<Tombstone>(
        db,
        sql`select record_id as "recordId", type::text, reason::text, at from erasure
          where field is null and (was_public or ${this.#seesDrafts})
            and record_id = any(${uuids(keys.map(({ text }) => text))})`,
      ),
    );
    const found = new Map(rows.map((row) => [row.recordId, { ...row, at: new Date(row.at) }]));
    return keys.map(({ text }) => found.get(text));
  }
}
