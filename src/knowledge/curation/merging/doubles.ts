/** Facts that two records both had, and one would have twice after they are merged. */
import { getColumns, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../../database/database.js';
import { readRows } from '../../../database/rows.js';
import { withArticle } from '../../values/english.js';
import { readRecords } from '../../writing/current.js';
import type { RecordNoun, Values } from '../../writing/draft.js';
import { recordKinds } from '../../writing/kinds.js';
import { singular } from '../target.js';
import type { Drafts } from './drafts.js';

/** A fact that the record which stays has already is deleted instead of moved. */
export async function dropDoubles(
  tx: Queryable,
  noun: RecordNoun,
  drafts: Drafts,
): Promise<string[]> {
  const warnings: string[] = [];
  if (noun === 'places' || noun === 'offices' || noun === 'events') return warnings;
  for (const facts of Object.keys(doubled) as (keyof typeof doubled)[]) {
    const key = doubled[facts];
    const moved = drafts.all().filter((draft) => draft.noun === facts);
    const current = await readRecords(
      tx,
      facts,
      moved.map(({ id }) => id),
      [],
    );
    for (const draft of moved) {
      const fields: Values = { ...current.get(draft.id)?.fields, ...draft.fields };
      if (fields['deletedAt']) continue;
      const selfish = facts === 'memberships' && fields['memberId'] === fields['organizationId'];
      const twin = selfish ? 'itself' : await twinOf(tx, facts, key, fields, draft.id);
      if (!twin) continue;
      draft.fields = {
        deletedAt: new Date().toISOString(),
        deletionReason: 'told twice after a merge',
      };
      warnings.push(
        selfish
          ? 'a membership of the one in the other was deleted'
          : `${withArticle(singular[facts])} that both had was deleted: ${String(fields['title'] ?? fields['role'] ?? fields['text'])}`,
      );
    }
  }
  return warnings;
}

// Private:

/** What makes two facts the same. */
const doubled = {
  positions: ['personId', 'organizationId', 'title'],
  memberships: ['memberId', 'organizationId', 'role'],
  statements: ['articleId', 'speakerId', 'text'],
} as const;

async function twinOf(
  tx: Queryable,
  facts: RecordNoun,
  key: readonly string[],
  fields: Values,
  id: string,
): Promise<string | undefined> {
  const [table] = recordKinds[facts].tables;
  const columns = getColumns(table) as Record<string, PgColumn>;
  const equal = key.map(
    (name) => sql`${sql.identifier(columns[name]?.name ?? '')}::text = ${String(fields[name])}`,
  );
  const [start, end] = [fields['start'] ?? null, fields['end'] ?? null];
  const sameTime =
    facts === 'statements'
      ? sql``
      : sql`and (coalesce(start, '') = ${start ?? ''} or (deleted_at is null
        and certain && certain_period(${start}::text, ${end}::text)))`;
  const [twin] = await readRows<{ id: string }>(
    tx,
    sql`select id from ${table} where ${sql.join(equal, sql` and `)} and id <> ${id}::uuid
      ${sameTime} limit 1`,
  );
  return twin?.id;
}
