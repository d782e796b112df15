/**
 * Merging two records of the same thing: names, identifiers, facts and references go over to
 * the one that stays; id and slug of the other lead there from then on. Since every record that
 * is touched gets a revision of one change, undoing that change undoes the merge.
 */
import { getColumns, getTableName, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import { readRows } from '../../database/rows.js';
import { Body } from '../quotation/body.js';
import { findQuotation } from '../quotation/quotation.js';
import { links, spaceOf, targetOf } from '../records/links.js';
import { readRecords } from '../writing/current.js';
import {
  recordNouns,
  type Draft,
  type ListItem,
  type RecordNoun,
  type Values,
} from '../writing/draft.js';
import { recordKinds, type ListKind } from '../writing/kinds.js';
import {
  readReferences,
  readReferencesTo,
  type Fact,
  type ReferenceRow,
} from '../writing/references.js';
import { same } from '../writing/compare.js';
import { fieldOf } from '../writing/revisions.js';
import { InvalidEdit, type Difference, type Edit } from './edit.js';
import { findTarget, ownerOf, singular, type FoundRecord } from './target.js';

export interface Merge {
  drafts: Draft[];
  differences: Difference[];
  /** Facts that both had: those of the record that goes are deleted. */
  warnings: string[];
}

/** @throws InvalidEdit for records that cannot be merged, UnknownRecord, EditConflict */
export async function draftMerge(
  tx: Queryable,
  edit: Extract<Edit, { kind: 'merge' }>,
): Promise<Merge> {
  const from = await findTarget(tx, edit.from, 'from');
  const into = await findTarget(tx, edit.into, 'into');
  checkMergeable(from, into);
  const drafts = new Drafts();
  const differences = await mergeOwn(tx, from, into, drafts);
  await repointLinks(tx, from, into, drafts);
  await repointRedirects(tx, from, into, drafts);
  const warnings = await dropDoubles(tx, from.noun, drafts);
  await moveReferences(tx, from, into, drafts);
  return { drafts: drafts.all(), differences, warnings };
}

// Private:

/** One draft for each record, however many reasons there are to change it. */
class Drafts {
  readonly #byId = new Map<string, Draft>();

  of(noun: RecordNoun, id: string): Draft {
    let draft = this.#byId.get(id);
    if (!draft) {
      draft = { noun, id, fields: {}, lists: {}, references: [], action: 'MERGE' };
      this.#byId.set(id, draft);
    }
    return draft;
  }

  all(): Draft[] {
    return [...this.#byId.values()];
  }
}

function checkMergeable(from: FoundRecord, into: FoundRecord): void {
  const refuse = (path: string, message: string): never => {
    throw new InvalidEdit([{ path, message }]);
  };
  if (from.id === into.id) refuse('from', 'a record cannot be merged into itself');
  if (!targetOf[from.noun]) {
    refuse('from', 'only records with a slug can be merged: delete the one that is told twice');
  }
  if (from.noun !== into.noun) {
    refuse('into', `a ${singular[from.noun]} cannot be merged into a ${singular[into.noun]}`);
  }
  for (const [path, { fields }] of [
    ['from', from],
    ['into', into],
  ] as const) {
    if (fields['mergedIntoId']) refuse(path, 'the record was merged into another already');
    if (fields['deletedAt']) refuse(path, 'the record is deleted: restore it first');
  }
}

const unions = ['names', 'identifiers'];

/** The fields and lists of the record that goes, where the one that stays has nothing, or beside. */
async function mergeOwn(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  drafts: Drafts,
): Promise<Difference[]> {
  const { noun } = from;
  const kind = recordKinds[noun];
  const records = await readRecords(tx, noun, [from.id, into.id], Object.keys(kind.lists));
  const [gone, stays] = [records.get(from.id), records.get(into.id)];
  const own = drafts.of(noun, into.id);
  const old = drafts.of(noun, from.id);
  old.fields['mergedIntoId'] = into.id;
  const differences: Difference[] = [];
  for (const name of fieldsToMerge(noun, gone?.fields ?? {})) {
    const [dropped, kept] = [gone?.fields[name] ?? null, stays?.fields[name] ?? null];
    if (dropped === null || same(dropped, kept) || isEmpty(dropped)) continue;
    // What names the other record would name this one itself.
    if (dropped === into.id || dropped === from.id) continue;
    if (kept === null || isEmpty(kept)) own.fields[name] = dropped;
    else differences.push({ field: fieldOf(name), kept, dropped });
  }
  if (noun === 'articles') {
    // An address is one article's only; a body stays with its quotations.
    if (own.fields['url'] !== undefined) old.fields['url'] = null;
  }
  if (own.fields['isoCode'] !== undefined) old.fields['isoCode'] = null;
  for (const name of unions.filter((each) => kind.lists[each])) {
    const list = kind.lists[name] as ListKind;
    const [theirs = [], ours = []] = [gone?.lists[name], stays?.lists[name]];
    const items = union(list, ours, theirs);
    if (name === 'names') addName(items, stays?.fields ?? {}, gone?.fields ?? {});
    if (items.length !== ours.length) own.lists[name] = items;
    if (name === 'identifiers' && theirs.length > 0) old.lists[name] = [];
  }
  for (const [name, list] of Object.entries(kind.lists)) {
    if (unions.includes(name) || name === 'mentions') continue;
    const [theirs = [], ours = []] = [gone?.lists[name], stays?.lists[name]];
    if (theirs.length === 0) continue;
    if (list.cited && ours.length > 0) {
      differences.push({
        field: name,
        kept: ours.map(plain(list)),
        dropped: theirs.map(plain(list)),
      });
      continue;
    }
    const items = union(list, ours, theirs);
    if (items.length !== ours.length) own.lists[name] = items;
  }
  return differences;
}

const plain =
  (list: ListKind) =>
  (row: Values): Values =>
    Object.fromEntries([...list.key, ...list.others].map((name) => [name, row[name] ?? null]));

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const fixed =
  /^(id|type|slug|name|sortName|sortTitle|title|status|live|createdAt|updatedAt|deletedAt|deletionReason|mergedIntoId|currentStatus|countryId|bodyHash)$|Sort$|During$|^during$|^certain$|Live$/;

const fieldsToMerge = (noun: RecordNoun, fields: Values): string[] =>
  Object.keys(fields).filter(
    (name) =>
      !fixed.test(name) &&
      recordKinds[noun].tables.some((table) => {
        const column = (getColumns(table) as Record<string, PgColumn>)[name];
        return column !== undefined && !column.generated;
      }),
  );

function union(list: ListKind, ours: readonly Values[], theirs: readonly Values[]): ListItem[] {
  const items = ours.map((row): ListItem => ({ values: plain(list)(row) }));
  const keyOf = (values: Values) => JSON.stringify(list.key.map((name) => values[name] ?? null));
  const known = new Set(items.map(({ values }) => keyOf(values)));
  for (const row of theirs) {
    const values = plain(list)(row);
    if (!known.has(keyOf(values))) items.push({ values });
    known.add(keyOf(values));
  }
  return items;
}

/** The record that goes is found by its name henceforth, too. */
function addName(items: ListItem[], stays: Values, gone: Values): void {
  const { name } = gone;
  if (name === stays['name'] || items.some(({ values }) => values['name'] === name)) return;
  const rest = { language: null, kind: 'ALTERNATIVE', start: null, end: null };
  items.push({ values: { name, ...rest } });
}

/** Whoever names the record that goes names the one that stays. */
async function repointLinks(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  drafts: Drafts,
): Promise<void> {
  const space = spaceOf(targetOf[from.noun] ?? 'PLACE');
  for (const noun of recordNouns) {
    for (const [field, targets] of Object.entries(links[noun])) {
      if (field === 'mergedInto' || !targets[0] || spaceOf(targets[0]) !== space) continue;
      const list = recordKinds[noun].lists[field];
      if (list) await repointList(tx, noun, field, list, [from.id, into.id], drafts);
      else await repointField(tx, noun, `${field}Id`, [from.id, into.id], drafts);
    }
  }
}

async function repointField(
  tx: Queryable,
  noun: RecordNoun,
  name: string,
  [from, into]: [string, string],
  drafts: Drafts,
): Promise<void> {
  for (const table of recordKinds[noun].tables) {
    const column = (getColumns(table) as Record<string, PgColumn>)[name];
    if (!column) continue;
    const rows = await readRows<{ id: string }>(
      tx,
      sql`select id from ${table} where ${sql.identifier(column.name)} = ${from}::uuid`,
    );
    for (const { id } of rows) {
      if (id === from) continue;
      // Nothing is a part of itself.
      drafts.of(noun, id).fields[name] = id === into ? null : into;
    }
  }
}

async function repointList(
  tx: Queryable,
  noun: RecordNoun,
  field: string,
  list: ListKind,
  [from, into]: [string, string],
  drafts: Drafts,
): Promise<void> {
  const columns = getColumns(list.table) as Record<string, PgColumn>;
  const link = list.key[0] ?? '';
  const [linkColumn, ownerColumn] = [columns[link]?.name ?? '', columns[list.owner]?.name ?? ''];
  const owners = await readRows<{ id: string }>(
    tx,
    sql`select distinct ${sql.identifier(ownerColumn)} as id from ${sql.identifier(getTableName(list.table))}
      where ${sql.identifier(linkColumn)} = ${from}::uuid`,
  );
  const ids = owners.map(({ id }) => id);
  for (const [id, { lists }] of await readRecords(tx, noun, ids, [field])) {
    const items = (drafts.of(noun, id).lists[field] ?? []).length
      ? (drafts.of(noun, id).lists[field] ?? [])
      : (lists[field] ?? []).map((row): ListItem => ({ values: withoutOrdinal(plain(list)(row)) }));
    drafts.of(noun, id).lists[field] = mergedItems(items, link, from, into);
  }
}

const withoutOrdinal = ({ ordinal: _, ...values }: Values): Values => values;

/** An article that names both names the one that stays in the places of both. */
function mergedItems(items: ListItem[], link: string, from: string, into: string): ListItem[] {
  const merged: ListItem[] = [];
  for (const { values } of items) {
    const moved = { ...values, ...(values[link] === from && { [link]: into }) };
    const there = merged.find((item) => item.values[link] === moved[link]);
    if (!there) merged.push({ values: moved });
    else if (Array.isArray(moved['ranges'])) {
      const ranges = [...(there.values['ranges'] as Range[]), ...(moved['ranges'] as Range[])];
      there.values['ranges'] = distinct(ranges);
    }
  }
  return merged;
}

interface Range {
  start: number;
  end: number;
}

/** In order; of two that overlap, the longer one. */
function distinct(ranges: Range[]): Range[] {
  const sorted = ranges.toSorted((a, b) => a.start - b.start || b.end - a.end);
  return sorted.filter(({ start }, i) => i === 0 || start >= (sorted[i - 1]?.end ?? 0));
}

/** Redirects take one step only. */
async function repointRedirects(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  drafts: Drafts,
): Promise<void> {
  const [table] = recordKinds[from.noun].tables;
  const rows = await readRows<{ id: string }>(
    tx,
    sql`select id from ${table} where merged_into_id = ${from.id}::uuid`,
  );
  for (const { id } of rows) drafts.of(from.noun, id).fields['mergedIntoId'] = into.id;
}

const doubled = {
  positions: ['personId', 'organizationId', 'title'],
  memberships: ['memberId', 'organizationId', 'role'],
  statements: ['articleId', 'speakerId', 'text'],
} as const;

/** A fact that the record which stays has already is deleted instead of moved. */
async function dropDoubles(tx: Queryable, noun: RecordNoun, drafts: Drafts): Promise<string[]> {
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
          : `a ${singular[facts]} that both had was deleted: ${String(fields['title'] ?? fields['role'] ?? fields['text'])}`,
      );
    }
  }
  return warnings;
}

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

/** References of the record go over with it; of an article, those that quote it. */
async function moveReferences(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  drafts: Drafts,
): Promise<void> {
  if (from.noun === 'articles') return moveCitations(tx, from, into, drafts);
  const arc = recordKinds[from.noun].arc as Fact['arc'];
  const rows = (await readReferences(tx, [from.id])).filter(({ deletedAt }) => !deletedAt);
  if (rows.length === 0) return;
  const there = await readReferences(tx, [into.id]);
  const isThere = (row: ReferenceRow) =>
    there.some(
      (other) =>
        other.articleId === row.articleId && other.exact === row.exact && other.field === row.field,
    );
  const fact: Fact = { arc, id: into.id };
  const [doubles, moved] = [rows.filter(isThere), rows.filter((row) => !isThere(row))];
  const deleted = doubles.map((row) => ({
    ...row,
    deletedAt: new Date(),
    deletionReason: 'told twice after a merge',
  }));
  drafts.of(from.noun, from.id).withdrawn = [...moved, ...deleted];
  drafts.of(into.noun, into.id).taken = moved.map((row) => ({ fact, row }));
}

/** Passages of an article that is merged are looked for in the body of the one that stays. */
async function moveCitations(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  drafts: Drafts,
): Promise<void> {
  const bodies = new Map(
    (
      await readRows<{ id: string; text: string }>(
        tx,
        sql`select article_id as id, text from article_body where article_id in (${from.id}::uuid, ${into.id}::uuid)`,
      )
    ).map(({ id, text }) => [id, text]),
  );
  const text = bodies.get(into.id) ?? bodies.get(from.id);
  if (text !== undefined && !bodies.has(into.id)) drafts.of('articles', into.id).body = text;
  const body = text === undefined ? undefined : new Body(text);
  for (const row of await readReferencesTo(tx, [from.id])) {
    if (row.deletedAt) continue;
    const search = body && findQuotation(body, row);
    const found = search && 'found' in search ? search.found : { start: null, end: null };
    const moved = { ...row, ...found, articleId: into.id, verified: 'exact' in found };
    const { noun, id, fact } = await ownerOf(tx, row);
    const draft = drafts.of(noun, id);
    (draft.withdrawn ??= []).push(row);
    (draft.taken ??= []).push({ fact, row: moved });
  }
}
