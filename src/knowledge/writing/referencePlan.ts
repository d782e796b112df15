/** Matches the references of record changes with the existing ones, and adds the others. */
import type { Queryable } from '../../database/database.js';
import { reference } from '../../database/tables/index.js';
import type { Values } from '../model/recordLists.js';
import { recordTypes } from '../model/recordTypes.js';
import type { Changeset } from './changeset.js';
import type { Comparison } from './compare.js';
import type { RecordChange, ReferenceChange, Fact } from './recordChange.js';
import type { RecheckedReference } from './recheck.js';
import { readReferences, ReferenceIndex } from './references.js';

/** Indexes the references of all facts to which the changes add some, as rechecked. */
export async function indexReferences(
  tx: Queryable,
  compared: readonly { recordChange: RecordChange; comparison: Comparison }[],
  rechecked: readonly RecheckedReference[],
): Promise<ReferenceIndex> {
  // New records have no references.
  const facts = compared
    .filter(({ comparison }) => !comparison.isNew)
    .flatMap(({ recordChange, comparison }) =>
      givenReferences(recordChange, comparison).map(({ fact }) => fact.id),
    );
  if (facts.length === 0) return new ReferenceIndex([]);
  const moved = new Map(rechecked.map(({ row }) => [row.id, row]));
  const rows = await readReferences(tx, [...new Set(facts)]);
  return new ReferenceIndex(rows.map((row) => moved.get(row.id) ?? row));
}

/** Returns the references added or restored, and the ids of those that existed. */
export function addReferences(
  recordChange: RecordChange,
  comparison: Comparison,
  index: ReferenceIndex,
  changeset: Changeset,
): { added: Values[]; found: string[] } {
  const added: Values[] = [];
  const found: string[] = [];
  for (const { fact, referenceChange } of givenReferences(recordChange, comparison)) {
    const existing = index.find(fact, referenceChange);
    if (existing && !existing.deletedAt) {
      found.push(existing.id);
      continue;
    }
    const row = existing
      ? { ...existing, deletedAt: null, deletionReason: null }
      : index.add(fact, referenceChange);
    if (existing || referenceChange.past) changeset.upsert(reference, row);
    else changeset.insert(reference, row);
    added.push(row);
  }
  return { added, found };
}

/** Clears the columns of the fact that a reference supports. */
export const noFact = {
  entityId: null,
  officeStatusId: null,
  positionId: null,
  membershipId: null,
  eventId: null,
  statementId: null,
};

/** A reference as history records it, without its offsets, which follow from its words. */
export const citation = ({ id, articleId, exact, prefix, suffix, field, officeStatusId }: Values) =>
  Object.fromEntries(
    Object.entries({ id, articleId, exact, prefix, suffix, field, officeStatusId }).filter(
      ([, value]) => value !== null && value !== undefined,
    ),
  );

// Private:

function givenReferences(
  recordChange: RecordChange,
  { itemIds }: Comparison,
): { fact: Fact; referenceChange: ReferenceChange }[] {
  const arc = recordTypes[recordChange.recordType].arc;
  const own = arc === 'articleId' ? [] : recordChange.references;
  return [
    ...own.map((referenceChange) => ({
      fact: { arc, id: recordChange.id } as Fact,
      referenceChange,
    })),
    ...[...itemIds].flatMap(([item, id]) =>
      (item.references ?? []).map((referenceChange) => ({
        fact: { arc: 'officeStatusId', id } satisfies Fact,
        referenceChange,
      })),
    ),
  ];
}
