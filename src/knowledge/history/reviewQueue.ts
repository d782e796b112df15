/** Drafts that wait for an editor to publish or reject them, the oldest first. */
import { sql } from 'drizzle-orm';
import { readRows } from '../../database/database.js';
import { pageOf, type Page, type PageRequest } from '../reading/page.js';
import type { Queries } from '../reading/queries.js';

export type ReviewedType = (typeof reviewedTypes)[number];

/** What can be a draft, named as in the graph. */
export const reviewedTypes = [
  'Organization',
  'Person',
  'Office',
  'Place',
  'Article',
  'Event',
  'Position',
  'Membership',
  'Statement',
] as const;

export interface WaitingDraft {
  id: string;
  type: ReviewedType;
}

export class ReviewQueue {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** @param types All of them without it. */
  async page(
    types: readonly ReviewedType[] | undefined,
    page: PageRequest<'ADDED'>,
  ): Promise<Page<WaitingDraft>> {
    const { after, before, backward, limit } = page;
    const bounds = [
      after && sql` and (sort, id) > (${after.sort}, ${after.id}::uuid)`,
      before && sql` and (sort, id) < (${before.sort}, ${before.id}::uuid)`,
    ].filter((bound) => bound !== undefined);
    const direction = sql.raw(backward ? 'desc' : 'asc');
    const wanted = sql`type = any(${`{${(types ?? reviewedTypes).join(',')}}`}::text[])`;
    const { rows, total } = await this.#queries.read(async (db) => ({
      rows: await readRows<WaitingDraft & { sort: string }>(
        db,
        sql`select id, type, sort from (${drafts}) draft where ${wanted}${sql.join(bounds)}
          order by sort ${direction}, id ${direction} limit ${limit + 1}`,
      ),
      total: page.count
        ? await readRows<{ count: number }>(
            db,
            sql`select count(*)::int as count from (${drafts}) draft where ${wanted}`,
          )
        : [],
    }));
    const sorts = rows.map(({ sort }) => sort);
    return pageOf({ rows, sorts, total: total[0]?.count ?? 0 }, page);
  }
}

// Private:

/** Found by the small indexes of what is hidden. */
const draftsOf = (table: string, type: string) =>
  `select id, ${type} as type,
    to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') collate "C" as sort
  from public.${table} where not live and status = 'DRAFT' and deleted_at is null`;

const drafts = sql.raw(
  [
    `${draftsOf('entity', 'initcap(type::text)')} and merged_into_id is null`,
    `${draftsOf('article', "'Article'")} and merged_into_id is null`,
    `${draftsOf('event', "'Event'")} and merged_into_id is null`,
    draftsOf('"position"', "'Position'"),
    draftsOf('membership', "'Membership'"),
    draftsOf('statement', "'Statement'"),
  ].join(' union all '),
);
