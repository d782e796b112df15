/** How much the knowledge base holds that readers may see. */
import { sql } from 'drizzle-orm';
import type { Batcher } from '../reading/batcher.js';
import { dependency, type View } from '../reading/view.js';
import type { Queries } from '../reading/queries.js';

export const countedTables = [
  'article',
  'organization',
  'person',
  'office',
  'place',
  'position',
  'membership',
  'event',
  'statement',
  'mention',
  'reference',
] as const;

export type Stats = Record<(typeof countedTables)[number] | 'verifiedReference', number> & {
  /** When anything was last written; null while nothing was. */
  updatedAt: Date | null;
};

export class StatsReader {
  readonly #queries: Queries;
  readonly #batcher: Batcher;

  constructor(queries: Queries, batcher: Batcher) {
    this.#queries = queries;
    this.#batcher = batcher;
  }

  async read(view: View): Promise<Stats> {
    for (const table of countedTables) view.reads?.add(dependency.table(table));
    const stats = await this.#batcher.load(`${view.rights} stats`, () => this.#fetch(), '');
    if (!stats) throw new Error('no stats were read');
    return stats;
  }

  // Private:

  async #fetch(): Promise<Stats[]> {
    const counts = countedTables.map(
      (table) =>
        [
          table,
          sql<number>`(select count(*)::int from ${sql.identifier(table)} where live)`,
        ] as const,
    );
    const [row] = await this.#queries.run<Stats & { updatedAt: string | null }>(
      'stats',
      (db) =>
        db
          .select({
            ...Object.fromEntries(counts),
            verifiedReference: sql<number>`(select count(*)::int from reference where live and verified)`,
            updatedAt: sql<
              string | null
            >`(select to_json(at) #>> '{}' from revision order by id desc limit 1)`,
          })
          .from(sql`(values (1)) as one`),
      {},
    );
    return row
      ? [{ ...row, updatedAt: row.updatedAt === null ? null : new Date(row.updatedAt) }]
      : [];
  }
}
