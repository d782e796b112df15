/**
 * Erasure: deletes a record with its history and dependent rows, and leaves a tombstone. Other
 * places that mention the record are listed, and redacted if selected. See README.md.
 */
import type { Database, Queryable } from '../../database/database.js';
import { findTarget, type Target } from '../history/target.js';
import { inOneSnapshot, untilUnchanged } from '../reading/snapshot.js';
import { redact } from './redaction.js';
import type { Erasure, ErasureRequest } from './erasure.js';
import { readCatalog, type Catalog } from './catalog.js';
import { eraseFormer, previewFormer } from './formerValues.js';
import { keepKeys } from './formerKeys.js';
import { mentionedAs, wordsOf } from './knownNames.js';
import { recordsThatName, settleHistories } from './otherHistories.js';
import { findPlaces } from './places.js';
import {
  ErasureTooLarge,
  cascadeOf,
  recordsAmong,
  statementsAbout,
  type CascadedRecord,
} from './cascade.js';
import { endErasing, forgetRequests, refreshStatistics, removeRows } from './remove.js';
import { spaced } from './rewriting.js';
import { announce, findTombstone, insertTombstones } from './tombstones.js';
import { Words } from './redactedWords.js';
import { linkTargetOf, recordTypes, spaceOf } from '../model/recordTypes.js';
import { ChangeAborted, invalid } from '../validation/editErrors.js';
import type { Author } from '../auth/author.js';

/**
 * The records that an erasure would remove, and every other place that mentions them, with the
 * words. Nothing is written or locked. The search runs in steps, so that other requests use a
 * shared session between them.
 *
 * @throws ChangeAborted between two steps, if the signal is aborted
 */
export const previewErasure = (
  database: Database,
  request: ErasureRequest,
  maxPlaces: number,
  signal?: AbortSignal,
): Promise<Erasure> => {
  const onStep = (): void => {
    if (signal?.aborted) throw new ChangeAborted('the dry run was aborted');
  };
  const read = async (db: Queryable): Promise<Erasure> => {
    onStep();
    if (request.former !== undefined) return previewFormer(db, request, request.former);
    const plan = await planErasure(db, request, { locks: false, onStep });
    const { catalog, words, reach, mentioned } = plan;
    const found = await findPlaces(db, catalog, { words, reach, mentioned, maxPlaces, onStep });
    return { ...summaryOf(plan, request), rows: {}, ...found };
  };
  // With a single connection, other requests would wait until everything is read.
  const inTurns = !database.transactions;
  return untilUnchanged(() => inOneSnapshot(database, read, { inTurns }));
};

/** Erases a record. The caller holds the lock of writers. */
export async function eraseIn(
  tx: Queryable,
  request: ErasureRequest,
  author: Author,
  changeId: string,
): Promise<Erasure> {
  if (request.former !== undefined) {
    return eraseFormer(tx, request, request.former, author, changeId);
  }
  const plan = await planErasure(tx, request, { locks: true, onStep: () => {} });
  const { catalog, words, reach, mentioned, records } = plan;
  const ids = records.map(({ id }) => id);
  const others = await recordsThatName(tx, catalog, reach);
  await insertTombstones(tx, ids, { reason: request.reason, changeId });
  const rows = await removeRows(tx, catalog, reach);
  const redacted = await redact(tx, catalog, {
    words,
    mentioned,
    slugs: slugsOf(records),
    kinds: new Set(request.also),
  });
  await keepKeys(tx, plan.main.id, redacted.keys);
  for (const id of redacted.records) others.add(id);
  await forgetRequests(tx, [...ids, ...redacted.records], words);
  await endErasing(tx);
  await settleHistories(tx, others, { ...author, reason: null, changeId });
  await announce(tx, author, changeId);
  const remaining = await findPlaces(tx, catalog, {
    words,
    reach,
    mentioned,
    maxPlaces: maxListed,
  });
  const statements = plan.statements.filter((id) => !reach.has(id));
  remaining.counts.STATEMENTS = statements.length;
  await refreshStatistics(tx, catalog, new Set([...rows.keys(), ...redacted.tables, 'revision']));
  return {
    ...summaryOf(plan, request),
    rows: Object.fromEntries([...rows].filter(([, count]) => count > 0)),
    counts: remaining.counts,
    places: remaining.places.map((place) => ({ ...place, excerpt: '' })),
  };
}

// Private:

/** The maximum number of remaining places listed; all are counted. */
const maxListed = 1000;

interface Plan {
  catalog: Catalog;
  main: CascadedRecord;
  reach: Set<string>;
  records: CascadedRecord[];
  words: Words;
  mentioned: Map<string, Set<string>>;
  /** The ids of statements about the records, erased or not. */
  statements: string[];
}

async function planErasure(
  tx: Queryable,
  { target, also, words: given }: ErasureRequest,
  { locks, onStep }: { locks: boolean; onStep: () => void },
): Promise<Plan> {
  const catalog = await readCatalog(tx);
  const id = await keyOf(tx, target, locks);
  try {
    onStep();
    const own = await cascadeOf(tx, catalog, [id]);
    const statements = (await statementsAbout(tx, own)).map((statement) => statement.id);
    const reach = also.includes('STATEMENTS')
      ? await cascadeOf(tx, catalog, [id, ...statements])
      : own;
    onStep();
    const records = await recordsAmong(tx, reach);
    const main = records.find((record) => record.id === id);
    if (!main) throw new Error('the cascade lacks the record');
    const words = new Words([...(await wordsOf(tx, records, main)), ...given]);
    const mentioned = await mentionedAs(
      tx,
      records.map((record) => record.id),
      onStep,
    );
    return { catalog, main, reach, records, words, mentioned, statements };
  } catch (error) {
    if (!(error instanceof ErasureTooLarge)) throw error;
    throw invalid('id', 'LIMIT_EXCEEDED', error.message);
  }
}

async function keyOf(tx: Queryable, target: Target, locks: boolean): Promise<string> {
  try {
    return (await findTarget(tx, target, 'id', { locks })).id;
  } catch (error) {
    const { name } = target;
    const tombstone = 'id' in name ? await findTombstone(tx, name.id) : undefined;
    if (!tombstone) throw error;
    const message = `was erased already (${tombstone.reason}, ${tombstone.at.toISOString().slice(0, 10)})`;
    throw invalid('id', 'ERASED', message);
  }
}

function summaryOf({ main, records }: Plan, { reason }: ErasureRequest) {
  const counts: Record<string, number> = {};
  for (const { recordType } of records)
    counts[recordTypes[recordType].enumValue] =
      (counts[recordTypes[recordType].enumValue] ?? 0) + 1;
  return { recordType: main.recordType, id: main.id, reason, records: counts };
}

const slugsOf = (records: readonly CascadedRecord[]): Set<string> =>
  new Set(
    records.flatMap(({ recordType, slug }) => {
      const kind = linkTargetOf(recordType);
      return kind && slug ? [spaced(spaceOf(kind), slug)] : [];
    }),
  );
