/** Facts that both merged records had, and the remaining one would have twice. */
import { getColumns, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { readRows, type Queryable } from '../../../database/database.js';
import { literal } from '../../../database/sql.js';
import { withArticle } from '../../values/english.js';
import { lockRecords } from '../../writing/current.js';
import type { RecordChange } from '../../writing/recordChange.js';
import type { FoundRecord } from '../../history/target.js';
import type { RecordChanges } from './changes.js';
import type { Values } from '../../model/recordLists.js';
import { recordTypes } from '../../model/recordTypes.js';

/** The fields that identify a fact: two links, and its words. */
export const factKeys = {
  positions: ['personId', 'organizationId', 'title'],
  memberships: ['memberId', 'organizationId', 'role'],
  statements: ['articleId', 'speakerId', 'text'],
} as const;

export type FactType = keyof typeof factKeys;

export const isFact = (recordType: string): recordType is FactType =>
  Object.hasOwn(factKeys, recordType);

/** A fact that duplicates another. */
export interface Twin {
  id: string;
  /** Both have the same unique key, which even deleted facts cannot share. */
  sharesKey: boolean;
  isDeleted: boolean;
}

/**
 * Deletes facts that the remaining record has already instead of moving them; deleted duplicates
 * keep their links.
 */
export async function deleteDuplicates(
  tx: Queryable,
  into: FoundRecord,
  recordChanges: RecordChanges,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const recordType of Object.keys(factKeys) as FactType[]) {
    const moved = recordChanges
      .all()
      .filter(
        (recordChange) => recordChange.recordType === recordType && leadsTo(recordChange, into.id),
      );
    const facts = await factsAfter(tx, recordType, moved);
    const twins = await twinsOf(tx, recordType, facts, recordChanges);
    for (const recordChange of moved) {
      const fields = facts.get(recordChange.id) ?? {};
      const isOfItself = linksToItself(fields);
      const twin = twins.get(recordChange.id);
      if (fields['deletedAt']) {
        if (isOfItself || twin?.sharesKey) keepLinks(recordType, recordChange);
        continue;
      }
      if (!isOfItself && !twin) continue;
      keepLinks(recordType, recordChange);
      recordChange.fields['deletedAt'] = new Date().toISOString();
      recordChange.fields['deletionReason'] = 'duplicate after a merge';
      warnings.push(isOfItself ? deletedMembership : described(recordType, fields, twin));
    }
  }
  return warnings;
}

/** Facts as they will be after the changes, by id. */
export async function factsAfter(
  tx: Queryable,
  recordType: FactType,
  recordChanges: readonly RecordChange[],
): Promise<Map<string, Values>> {
  const ids = recordChanges.map(({ id }) => id);
  const current = await lockRecords(tx, recordType, ids, []);
  return new Map(
    recordChanges.map(({ id, fields }) => [id, { ...current.get(id)?.fields, ...fields }]),
  );
}

/** Existing facts that the given facts would duplicate, unless they change as well. */
export async function twinsOf(
  tx: Queryable,
  recordType: FactType,
  facts: ReadonlyMap<string, Values>,
  recordChanges: RecordChanges,
): Promise<Map<string, Twin>> {
  const found = new Map<string, Twin>();
  const all = [...facts];
  for (let i = 0; i < all.length; i += batchSize) {
    for (const { of, ...twin } of await readTwins(tx, recordType, all.slice(i, i + batchSize))) {
      const other = recordChanges.get(twin.id)?.fields ?? {};
      const fields = facts.get(of) ?? {};
      const moves = factKeys[recordType].some(
        (name) => name in other && other[name] !== fields[name],
      );
      if (!moves && !found.get(of)?.sharesKey) found.set(of, twin);
    }
  }
  return found;
}

export const linksToItself = ({ memberId, organizationId }: Values): boolean =>
  memberId !== undefined && memberId === organizationId;

// Private:

const batchSize = 500;

const deletedMembership = 'a membership of one of the records in the other was deleted';

function described(recordType: FactType, fields: Values, twin: Twin | undefined): string {
  const words = String(fields['title'] ?? fields['role'] ?? fields['text']);
  const fact = withArticle(recordTypes[recordType].singular);
  return twin?.isDeleted
    ? `${fact} was deleted, because the other record's is deleted: ${words}`
    : `${fact} that both records had was deleted: ${words}`;
}

const leadsTo = ({ recordType, fields }: RecordChange, id: string): boolean =>
  isFact(recordType) && factKeys[recordType].some((name) => fields[name] === id);

function keepLinks(recordType: FactType, recordChange: RecordChange): void {
  const kept = Object.entries(recordChange.fields).filter(
    ([name]) => !factKeys[recordType].some((key) => key === name),
  );
  recordChange.fields = Object.fromEntries(kept);
}

async function readTwins(
  tx: Queryable,
  recordType: FactType,
  facts: readonly (readonly [string, Values])[],
): Promise<(Twin & { of: string })[]> {
  if (facts.length === 0) return [];
  const [table] = recordTypes[recordType].tables;
  const columns = getColumns(table) as Record<string, PgColumn>;
  const [one, other, words] = factKeys[recordType].map((name) =>
    sql.identifier(columns[name]?.name ?? ''),
  );
  const type = columns[factKeys[recordType][2]]?.getSQLType() ?? 'text';
  const keys = facts.map(([id, fields]) => {
    const [first, second, text] = factKeys[recordType].map((name) => fields[name]);
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
  const isDated = recordType !== 'statements';
  const sharesKey = isDated ? sql`coalesce(t.start, '') = coalesce(w.start, '')` : literal(true);
  return readRows(
    tx,
    sql`select w.id as of, t.id, ${sharesKey} as "sharesKey", t.deleted_at is not null as "isDeleted"
      from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb)
        as w(id uuid, one uuid, other uuid, words ${sql.raw(type)}, start text, "end" text)
      join ${table} t on t.${one} = w.one and t.${other} = w.other and t.${words} = w.words
        ${isDated ? sql`` : sql`and md5(t.text) = md5(w.words)`} and t.id <> w.id
      where ${sharesKey} ${isDated ? sql`or (${overlaps})` : sql``}`,
  );
}
