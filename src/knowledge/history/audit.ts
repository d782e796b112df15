/**
 * Whether history and state agree, every passage is where its reference says, and articles have
 * the words that statements give as the speaker's own.
 */
import { sql } from 'drizzle-orm';
import { getTableName } from 'drizzle-orm';
import type { Database, Queryable } from '../../database/database.js';
import { atOneMoment, untilUnchanged } from '../reading/oneMoment.js';
import { readRows } from '../../database/rows.js';
import { typeOfNoun } from '../erasure/tombstones.js';
import { Body } from '../quotation/body.js';
import { describeMissing, findMissing, type SpokenKind } from '../quotation/spoken.js';
import { uuids } from '../reading/keys.js';
import { recordNouns, type RecordNoun } from '../writing/draft.js';
import { recordKinds } from '../writing/kinds.js';
import {
  readRevisions,
  readStates,
  recordIdOf,
  sameValue,
  stateAfter,
  type RecordState,
  type RevisionRow,
} from './state.js';

/** Something that does not agree. */
export interface Discrepancy {
  /** `organizations`, `references` … */
  noun: RecordNoun | 'references';
  /** The record's or the reference's key. */
  id: string;
  /** What does not agree with what, in words. */
  message: string;
}

export interface AuditSummary {
  records: number;
  revisions: number;
  references: number;
  /** Records of which there is a tombstone in place of a history. */
  erased: number;
  discrepancies: Discrepancy[];
}

/**
 * Replays the history of every record and compares what that leads to with what is there, and
 * looks up every verified reference, and the words of every DIRECT and MIXED statement, in the
 * body of its article. Reads one moment; writes nothing.
 */
export function audit(
  database: Database,
  onProgress: (records: number) => void = () => {},
): Promise<AuditSummary> {
  return untilUnchanged(() =>
    atOneMoment(database, async (tx) => {
      const summary: AuditSummary = {
        records: 0,
        revisions: 0,
        references: 0,
        erased: 0,
        discrepancies: [],
      };
      for (const noun of recordNouns) {
        for await (const ids of pagesOf(tx, noun)) {
          await auditRecords(tx, noun, ids, summary);
          onProgress(summary.records);
        }
      }
      for await (const ids of articlePages(tx)) await auditReferences(tx, ids, summary);
      await auditTombstones(tx, summary);
      return summary;
    }),
  );
}

// Private:

const pageSize = 500;

async function* pagesOf(tx: Queryable, noun: RecordNoun): AsyncGenerator<string[]> {
  const [table, own] = recordKinds[noun].tables;
  yield* pages(tx, getTableName(own ?? table), 'id');
}

const articlePages = (tx: Queryable) => pages(tx, 'article_body', 'article_id');

async function* pages(tx: Queryable, table: string, key: string): AsyncGenerator<string[]> {
  const [from, column] = [sql.identifier(table), sql.identifier(key)];
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await readRows<{ id: string }>(
      tx,
      sql`select ${column} as id from ${from} where ${column} > ${after}::uuid
        order by ${column} limit ${pageSize}`,
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ id }) => id);
    after = last.id;
  }
}

async function auditRecords(
  tx: Queryable,
  noun: RecordNoun,
  ids: string[],
  summary: AuditSummary,
): Promise<void> {
  const states = await readStates(tx, noun, ids);
  const histories = new Map<string, RevisionRow[]>();
  for (const row of await readRevisions(tx, ids)) {
    const id = recordIdOf(row);
    histories.set(id, [...(histories.get(id) ?? []), row]);
    summary.revisions++;
  }
  for (const [id, state] of states) {
    summary.records++;
    for (const message of differences(histories.get(id) ?? [], state)) {
      summary.discrepancies.push({ noun, id, message });
    }
  }
}

function differences(history: RevisionRow[], present: RecordState): string[] {
  if (history.length === 0) return ['has no history'];
  const gap = history.findIndex(({ number }, i) => number !== i + 1);
  if (gap >= 0) return [`its revisions are not counted from 1 to ${history.length}`];
  const told = stateAfter(history);
  const names = new Set([...Object.keys(told.fields), ...Object.keys(present.fields)]);
  const differing = [...names].filter(
    (name) => !sameValue(name, told.fields[name], present.fields[name]),
  );
  const messages = differing.map(
    (name) =>
      `${name} is ${shown(present.fields[name])}, but by its history ${shown(told.fields[name])}`,
  );
  for (const id of told.references.keys()) {
    if (!present.references.has(id))
      messages.push(`its history has a reference ${id} that is not there`);
  }
  for (const id of present.references.keys()) {
    if (!told.references.has(id)) messages.push(`its history has not the reference ${id}`);
  }
  return messages;
}

async function auditReferences(
  tx: Queryable,
  articles: string[],
  summary: AuditSummary,
): Promise<void> {
  const bodies = await readRows<{ id: string; text: string }>(
    tx,
    sql`select article_id as id, text from article_body where article_id = any(${uuids(articles)})`,
  );
  const texts = new Map(bodies.map(({ id, text }) => [id, new Body(text)]));
  const references = await readRows<{
    id: string;
    article: string;
    exact: string;
    from: number;
    to: number;
  }>(
    tx,
    sql`select id, article_id as article, exact, start as "from", "end" as "to" from reference
      where verified and deleted_at is null and article_id = any(${uuids(articles)})`,
  );
  for (const { id, article, exact, from, to } of references) {
    summary.references++;
    if (texts.get(article)?.slice(from, to) === exact) continue;
    const message = `${shown(exact)} is not at ${from} to ${to} of its article's body`;
    summary.discrepancies.push({ noun: 'references', id, message });
  }
  await auditStatements(tx, texts, summary);
}

/** Statements from before their words were looked up, and those whose article has changed since. */
async function auditStatements(
  tx: Queryable,
  bodies: ReadonlyMap<string, Body>,
  { discrepancies }: AuditSummary,
): Promise<void> {
  const statements = await readRows<{
    id: string;
    article: string;
    slug: string;
    kind: SpokenKind;
    text: string;
  }>(
    tx,
    sql`select s.id, s.article_id as article, a.slug, s.kind, s.text from statement s
      join article a on a.id = s.article_id
      where s.kind <> 'INDIRECT' and s.deleted_at is null and s.article_id = any(${uuids([...bodies.keys()])})
      order by s.id`,
  );
  for (const { id, article, slug, kind, text } of statements) {
    const body = bodies.get(article);
    const missing = body && findMissing(body, text, kind);
    if (!missing) continue;
    discrepancies.push({ noun: 'statements', id, message: describeMissing(missing, slug, kind) });
  }
}

/** What was erased is not there again, by a backup that was put back in part, say. */
async function auditTombstones(tx: Queryable, summary: AuditSummary): Promise<void> {
  const [tombstones] = await readRows<{ count: number }>(
    tx,
    sql`select count(*)::int as count from erasure where field is null`,
  );
  summary.erased = tombstones?.count ?? 0;
  for (const noun of summary.erased > 0 ? recordNouns : []) {
    const [table] = recordKinds[noun].tables;
    const rows = await readRows<{ id: string }>(
      tx,
      sql`select it.id from erasure e join ${table} it on it.id = e.record_id
        where e.field is null and e.type = ${typeOfNoun[noun]}::record_type`,
    );
    for (const { id } of rows) {
      summary.discrepancies.push({ noun, id, message: 'was erased, but is there' });
    }
  }
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value ?? null);
  return text.length > 100 ? `${text.slice(0, 97)}…` : text;
};
