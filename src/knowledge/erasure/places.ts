/** Finds the places that mention an erased record in what remains. */
import { getTableName } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
import { officeStatus } from '../../database/tables/index.js';
import { uuids } from '../reading/keys.js';
import type { Catalog, TextTable } from './catalog.js';
import { recordsAmong, statementsAbout, type Cascade, type CascadedRecord } from './cascade.js';
import { scan, type TextRow } from './scan.js';
import type { Words } from './redactedWords.js';
import { recordTypes, type RecordType } from '../model/recordTypes.js';
import { shortened } from '../values/english.js';

/** The kinds of places that an erasure can include. */
export const erasablePlaces = ['STATEMENTS', 'PASSAGES', 'BODIES', 'TEXTS', 'REVISIONS'] as const;

export type ErasablePlace = (typeof erasablePlaces)[number];

/** `SLUGS`: slugs of other records, which cannot be redacted. */
export type PlaceKind = ErasablePlace | 'SLUGS';

export const placeKinds: readonly PlaceKind[] = [...erasablePlaces, 'SLUGS'];

export interface Place {
  kind: PlaceKind;
  /** The record that contains the place, if any. */
  recordType: RecordType | null;
  recordId: string | null;
  slug: string | null;
  /** In the database: `article_body.text`. */
  column: string;
  /** Whether the text is a former value. */
  isPast: boolean;
  /** The number of occurrences of the words; 1 for a statement. */
  occurrences: number;
  /** The words with their context: shown to editors, never stored. */
  excerpt: string;
}

export interface FoundPlaces {
  places: Place[];
  /** The number of places of each kind, including those not listed. */
  counts: Record<PlaceKind, number>;
}

export interface Search {
  words: Words;
  reach: Cascade;
  /** Words by which articles mention the record, beside its names. */
  mentioned: ReadonlyMap<string, ReadonlySet<string>>;
  /** The maximum number of places listed; all are counted. */
  maxPlaces: number;
  /** Called between steps of bounded size; an error it throws ends the search. */
  onStep?: (() => void) | undefined;
}

/** Searches all texts of the database. */
export async function findPlaces(
  db: Queryable,
  catalog: Catalog,
  { words, reach, mentioned, maxPlaces, onStep }: Search,
): Promise<FoundPlaces> {
  const found: FoundPlaces = { places: [], counts: noPlaces() };
  const add = (place: Place): void => {
    found.counts[place.kind]++;
    if (found.places.length < maxPlaces) found.places.push(place);
  };
  for (const { id } of await statementsAbout(db, reach)) {
    const statement = {
      kind: 'STATEMENTS',
      recordType: 'statements',
      column: 'statement.text',
    } as const;
    add({ ...statement, recordId: id, slug: null, isPast: false, occurrences: 1, excerpt: '' });
  }
  const finder = withMentions(words, mentioned);
  for await (const row of scan(db, catalog, finder.all, { onStep })) {
    if (isDeleted(row, catalog, reach)) continue;
    for (const [column, text] of Object.entries(row.texts)) {
      const of = finder.for(row);
      const occurrences = text === null ? 0 : of.count(text);
      if (text === null || occurrences === 0) continue;
      add({
        kind: kindOf(row.table, column),
        recordType: null,
        recordId: ownerIn(row),
        slug: null,
        column: `${row.table.table}.${column}`,
        isPast: row.table.schema === 'history',
        occurrences,
        excerpt: of.excerpt(text),
      });
    }
  }
  await nameRecords(db, found.places);
  return found;
}

export const noPlaces = (): Record<PlaceKind, number> => ({
  STATEMENTS: 0,
  PASSAGES: 0,
  BODIES: 0,
  TEXTS: 0,
  REVISIONS: 0,
  SLUGS: 0,
});

export function kindOf({ table }: TextTable, column: string): PlaceKind {
  if (table === 'revision') return 'REVISIONS';
  if (table === 'article_body') return 'BODIES';
  if (table === 'reference' && ['exact', 'prefix', 'suffix'].includes(column)) return 'PASSAGES';
  return column === 'slug' ? 'SLUGS' : 'TEXTS';
}

/** Whether the erasure deletes a row. */
export const isDeleted = ({ table, keys }: TextRow, { links }: Catalog, reach: Cascade): boolean =>
  reach.has(keys['id'] ?? '') ||
  links.some(
    (link) => link.table === table.table && link.isRequired && reach.has(keys[link.column] ?? ''),
  );

/** Adds to the words, for an article's body and passages, those by which it mentions the record. */
export function withMentions(
  words: Words,
  mentioned: ReadonlyMap<string, ReadonlySet<string>>,
): { all: Words; for: (row: TextRow) => Words } {
  const own = new Map([...mentioned].map(([article, more]) => [article, words.and(more)] as const));
  const every = [...mentioned.values()].flatMap((more) => [...more]);
  return {
    all: words.and(every),
    for: ({ table: { table }, keys }) => {
      if (table !== 'article_body' && table !== 'reference') return words;
      return own.get(keys['article_id'] ?? '') ?? words;
    },
  };
}

/** The record that a row belongs to; a passage belongs to its fact, not to the article. */
export function ownerIn({ table: { table }, keys }: TextRow): string | null {
  if (recordTables.has(table)) return keys['id'] ?? null;
  const { id: _, article_id: article, ...others } = keys;
  return Object.values(others).find((key) => key !== null) ?? article ?? keys['id'] ?? null;
}

// Private:

const recordTables = new Set(
  Object.values(recordTypes).flatMap(({ tables }) => tables.map((table) => getTableName(table))),
);

/** Adds records to places; the reference of a status belongs to its office. */
async function nameRecords(db: Queryable, places: Place[]): Promise<void> {
  const ids = new Set(places.flatMap(({ recordId }) => recordId ?? []));
  const statuses = new Map(
    (
      await db
        .select({ id: officeStatus.id, office: officeStatus.officeId })
        .from(officeStatus)
        .where(equalsAny(officeStatus.id, uuids([...ids])))
    ).map(({ id, office }) => [id, office]),
  );
  for (const office of statuses.values()) ids.add(office);
  const records = new Map<string, CascadedRecord>(
    (await recordsAmong(db, ids)).map((record) => [record.id, record]),
  );
  for (const place of places) {
    const id = statuses.get(place.recordId ?? '') ?? place.recordId;
    const record = records.get(id ?? '');
    Object.assign(place, {
      recordId: id,
      recordType: record?.recordType ?? null,
      slug: record?.slug ?? null,
    });
    if (place.kind === 'STATEMENTS') place.excerpt = shortened(record?.caption ?? '', 120);
  }
}
