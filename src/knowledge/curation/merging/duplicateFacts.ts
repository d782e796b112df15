/** Facts that two records both had, and one would have twice after they are merged. */
import { getColumns, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { readRows, type Queryable } from '../../../database/database.js';
import { withArticle } from '../../values/english.js';
import { lockRecords } from '../../writing/current.js';
import type { RecordChange, Values } from '../../writing/recordChange.js';
import { recordKinds } from '../../writing/recordKinds.js';
import { singular, type FoundRecord } from '../target.js';
import type { RecordChanges } from './changes.js';

/** What makes two facts the same: two links, and words. */
export const factKeys = {
  positions: ['personId', 'organizationId', 'title'],
  memberships: ['memberId', 'organizationId', 'role'],
  statements: ['articleId', 'speakerId', 'text'],
} as const;

export type FactNoun = keyof typeof factKeys;

export const isFact = (noun: string): noun is FactNoun => Object.hasOwn(factKeys, noun);

/** A fact that says what another says already. */
export interface Twin {
  id: string;
  /** It has the same key, which even facts that are deleted cannot share. */
  sharesKey: boolean;
  isDeleted: boolean;
}

/**
 * A fact that the record which stays has already is deleted instead of moved, and one that is
 * deleted stays where it is.
 */
export async function dropDoubles(
  tx: Queryable,
  into: FoundRecord,
  recordChanges: RecordChanges,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const noun of Object.keys(factKeys) as FactNoun[]) {
    const moved = recordChanges
      .all()
      .filter((recordChange) => recordChange.noun === noun && leadsTo(recordChange, into.id));
    const facts = await told(tx, noun, moved);
    const twins = await twinsOf(tx, noun, facts, recordChanges);
    for (const draft of moved) {
      const fields = facts.get(draft.id) ?? {};
      const isSelfish = selfish(fields);
      const twin = twins.get(draft.id);
      if (fields['deletedAt']) {
        if (isSelfish || twin?.sharesKey) stayWhereItIs(noun, draft);
        continue;
      }
      if (!isSelfish && !twin) continue;
      stayWhereItIs(noun, draft);
      draft.fields['deletedAt'] = new Date().toISOString();
      draft.fields['deletionReason'] = 'told twice after a merge';
      warnings.push(isSelfish ? ofItself : described(noun, fields, twin));
    }
  }
  return warnings;
}

/** Facts as they are to be, by their ids. */
export async function told(
  tx: Queryable,
  noun: FactNoun,
  recordChanges: readonly RecordChange[],
): Promise<Map<string, Values>> {
  const ids = recordChanges.map(({ id }) => id);
  const current = await lockRecords(tx, noun, ids, []);
  return new Map(
    recordChanges.map(({ id, fields }) => [id, { ...current.get(id)?.fields, ...fields }]),
  );
}

/** Of facts as they are to be, others that say the same and do not change in that. */
export async function twinsOf(
  tx: Queryable,
  noun: FactNoun,
  facts: ReadonlyMap<string, Values>,
  recordChanges: RecordChanges,
): Promise<Map<string, Twin>> {
  const found = new Map<string, Twin>();
  const all = [...facts];
  for (let i = 0; i < all.length; i += batchSize) {
    for (const { of, ...twin } of await readTwins(tx, noun, all.slice(i, i + batchSize))) {
      const other = recordChanges.get(twin.id)?.fields ?? {};
      const fields = facts.get(of) ?? {};
      const moves = factKeys[noun].some((name) => name in other && other[name] !== fields[name]);
      if (!moves && !found.get(of)?.sharesKey) found.set(of, twin);
    }
  }
  return found;
}

export const selfish = ({ memberId, organizationId }: Values): boolean =>
  memberId !== undefined && memberId === organizationId;

// Private:

const batchSize = 500;

const ofItself = 'a membership of the one in the other was deleted';

function described(noun: FactNoun, fields: Values, twin: Twin | undefined): string {
  const words = String(fields['title'] ?? fields['role'] ?? fields['text']);
  const fact = withArticle(singular[noun]);
  return twin?.isDeleted
    ? `${fact} was deleted, as the same of the other record is: ${words}`
    : `${fact} that both had was deleted: ${words}`;
}

const leadsTo = ({ noun, fields }: RecordChange, id: string): boolean =>
  isFact(noun) && factKeys[noun].some((name) => fields[name] === id);

function stayWhereItIs(noun: FactNoun, recordChange: RecordChange): void {
  const kept = Object.entries(recordChange.fields).filter(
    ([name]) => !factKeys[noun].some((key) => key === name),
  );
  recordChange.fields = Object.fromEntries(kept);
}

async function readTwins(
  tx: Queryable,
  noun: FactNoun,
  facts: readonly (readonly [string, Values])[],
): Promise<(Twin & { of: string })[]> {
  if (facts.length === 0) return [];
  const [table] = recordKinds[noun].tables;
  const columns = getColumns(table) as Record<string, PgColumn>;
  const [one, other, words] = factKeys[noun].map((name) =>
    sql.identifier(columns[name]?.name ?? ''),
  );
  const type = columns[factKeys[noun][2]]?.getSQLType() ?? 'text';
  const wanted = facts.map(([id, fields]) => {
    const [first, second, text] = factKeys[noun].map((name) => fields[name]);
    return {
      id,
      one: first,
      other: second,
      words: text,
      start: fields['start'],
      end: fields['end'],
    };
  });
  const overlaps = sql`t.deleted_at is null and t.certain && certain_period(w.start, w.end)`;
  const isDated = noun !== 'statements';
  const sharesKey = isDated ? sql`coalesce(t.start, '') = coalesce(w.start, '')` : sql`true`;
  return readRows(
    tx,
    sql`select w.id as of, t.id, ${sharesKey} as "sharesKey", t.deleted_at is not null as "isDeleted"
      from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
        as w(id uuid, one uuid, other uuid, words ${sql.raw(type)}, start text, "end" text)
      join ${table} t on t.${one} = w.one and t.${other} = w.other and t.${words} = w.words
        ${isDated ? sql`` : sql`and md5(t.text) = md5(w.words)`} and t.id <> w.id
      where ${sharesKey} ${isDated ? sql`or (${overlaps})` : sql``}`,
  );
}
