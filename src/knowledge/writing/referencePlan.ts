/** The references that records want: those that are there, and those that are added. */
import type { Queryable } from '../../database/database.js';
import { reference } from '../../database/tables/index.js';
import type { Values } from '../model/recordLists.js';
import { recordTypes } from '../model/recordTypes.js';
import type { Changeset } from './changeset.js';
import type { Comparison } from './compare.js';
import type { RecordChange, ReferenceChange, Fact } from './recordChange.js';
import type { RecheckedReference } from './recheck.js';
import { readReferences, ReferenceIndex } from './references.js';

/** The references of all facts for which a draft gives some, as they are after the recheck. */
export async function indexReferences(
  tx: Queryable,
  compared: readonly { recordChange: RecordChange; comparison: Comparison }[],
  rechecked: readonly RecheckedReference[],
): Promise<ReferenceIndex> {
  // What is new has none.
  const facts = compared
    .filter(({ comparison }) => !comparison.isNew)
    .flatMap(({ recordChange, comparison }) =>
      wantedReferences(recordChange, comparison).map(({ fact }) => fact.id),
    );
  if (facts.length === 0) return new ReferenceIndex([]);
  const moved = new Map(rechecked.map(({ row }) => [row.id, row]));
  const rows = await readReferences(tx, [...new Set(facts)]);
  return new ReferenceIndex(rows.map((row) => moved.get(row.id) ?? row));
}

/** Returns the references that were added or restored, and the ids of those that were there. */
export function addReferences(
  recordChange: RecordChange,
  comparison: Comparison,
  index: ReferenceIndex,
  changeset: Changeset,
): { added: Values[]; found: string[] } {
  const added: Values[] = [];
  const found: string[] = [];
  for (const { fact, wanted } of wantedReferences(recordChange, comparison)) {
    const there = index.find(fact, wanted);
    if (there && !there.deletedAt) {
      found.push(there.id);
      continue;
    }
    const row = there
      ? { ...there, deletedAt: null, deletionReason: null }
      : index.add(fact, wanted);
    if (there || wanted.past) changeset.upsert(reference, row);
    else changeset.insert(reference, row);
    added.push(row);
  }
  return { added, found };
}

/** A reference that supports no fact yet. */
export const noFact = {
  entityId: null,
  officeStatusId: null,
  positionId: null,
  membershipId: null,
  eventId: null,
  statementId: null,
};

/** A reference as history tells it; its place follows from the words. */
export const citation = ({ id, articleId, exact, prefix, suffix, field, officeStatusId }: Values) =>
  Object.fromEntries(
    Object.entries({ id, articleId, exact, prefix, suffix, field, officeStatusId }).filter(
      ([, value]) => value !== null && value !== undefined,
    ),
  );

// Private:

function wantedReferences(
  recordChange: RecordChange,
  { itemIds }: Comparison,
): { fact: Fact; wanted: ReferenceChange }[] {
  const arc = recordTypes[recordChange.recordType].arc;
  const own = arc === 'articleId' ? [] : recordChange.references;
  return [
    ...own.map((wanted) => ({ fact: { arc, id: recordChange.id } as Fact, wanted })),
    ...[...itemIds].flatMap(([item, id]) =>
      (item.references ?? []).map((wanted) => ({
        fact: { arc: 'officeStatusId', id } satisfies Fact,
        wanted,
      })),
    ),
  ];
}
