/** How much the knowledge base holds that readers may see. */
import { sql } from 'drizzle-orm';
import type { Batcher } from '../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../reading/batchedQuery.js';
import { keyNumber, keysTable } from '../reading/keys.js';
import { dependency, type View } from '../reading/view.js';
import type { Queries } from '../reading/queries.js';
import { recordTypes } from '../model/recordTypes.js';

/** By the names of the tables: the own table of each type of record, and its parts that are listed. */
export const countedTables = [
  ...Object.values(recordTypes).map(({ singular }) => singular),
  'mention',
  'reference',
] as const;

export type Stats = Record<(typeof countedTables)[number] | 'verifiedReference', number> & {
  /** When anything was last written; null while nothing was. */
  updatedAt: Date | null;
};

export class StatsReader {
  readonly #runner: QueryRunner;

  constructor(queries: Queries, batcher: Batcher) {
    this.#runner = { queries, batcher };
  }

  async read(view: View): Promise<Stats> {
    for (const table of countedTables) view.reads?.add(dependency.table(table));
    const { $n: _, updatedAt, ...counts } = await stats(this.#runner, []);
    return { ...counts, updatedAt: updatedAt === null ? null : new Date(updatedAt) };
  }
}

// Private:

type Row = Omit<Stats, 'updatedAt'> & KeyedRow & { updatedAt: string | null };

const counts = Object.fromEntries(
  countedTables.map((table) => [
    table,
    sql<number>`(select count(*)::int from ${sql.identifier(table)} where live)`,
  ]),
);

const stats = batchedQuery<Row, Row>({
  name: 'stats',
  types: [],
  build: (db) =>
    db
      .select({
        ...counts,
        $n: keyNumber,
        verifiedReference: sql<number>`(select count(*)::int from reference where live and verified)`,
        updatedAt: sql<
          string | null
        >`(select to_json(at) #>> '{}' from revision order by id desc limit 1)`,
      })
      .from(keysTable([])),
  collect: ([row]) => row as Row,
});
