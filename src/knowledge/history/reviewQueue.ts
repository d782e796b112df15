/** Drafts awaiting review, the oldest first. */
import { sql } from 'drizzle-orm';
import { readRows } from '../../database/database.js';
import { pageOf, type Page, type PageRequest } from '../reading/page.js';
import type { Queries } from '../reading/queries.js';
import { type RecordTypeName, recordTypeNames } from '../model/recordTypes.js';
import { typeNameOf, unionOfRecords } from '../model/recordTables.js';

export interface WaitingDraft {
  id: string;
  type: RecordTypeName;
}

export class ReviewQueue {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** @param types Default: all types. */
  async page(
    types: readonly RecordTypeName[] | undefined,
    page: PageRequest<'CREATED_AT'>,
  ): Promise<Page<WaitingDraft>> {
    const { after, before, backward, limit } = page;
    const bounds = [
      after && sql` and (sort, id) > (${after.sort}, ${after.id}::uuid)`,
      before && sql` and (sort, id) < (${before.sort}, ${before.id}::uuid)`,
    ].filter((bound) => bound !== undefined);
    const direction = sql.raw(backward ? 'desc' : 'asc');
    const condition = sql`type = any(${`{${(types ?? recordTypeNames).join(',')}}`}::text[])`;
    const { rows, total } = await this.#queries.read(async (db) => ({
      rows: await readRows<WaitingDraft & { sort: string }>(
        db,
        sql`select id, type, sort from (${drafts}) draft where ${condition}${sql.join(bounds)}
          order by sort ${direction}, id ${direction} limit ${limit + 1}`,
      ),
      total: page.count
        ? await readRows<{ count: number }>(
            db,
            sql`select count(*)::int as count from (${drafts}) draft where ${condition}`,
          )
        : [],
    }));
    const sorts = rows.map(({ sort }) => sort);
    return pageOf({ rows, sorts, total: total[0]?.count ?? 0 }, page);
  }
}

// Private:

/** Uses the indexes of hidden records, in schema `public`: a role of readers may see views instead. */
const drafts = unionOfRecords(
  (record) => sql`select it.id, ${typeNameOf(record, 'graphqlName')} as type,
    to_char(it.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') collate "C" as sort
  from public.${record.table} it where not it.live and it.status = 'DRAFT' and it.deleted_at is null
    ${record.slugSpace ? sql`and it.merged_into_id is null` : sql``}`,
);
