/** Where else something is told of a record that is erased: in what stays. */
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

/** What of it can be erased, too, if that is chosen. */
export const erasablePlaces = ['STATEMENTS', 'PASSAGES', 'BODIES', 'TEXTS', 'REVISIONS'] as const;

export type ErasablePlace = (typeof erasablePlaces)[number];

/** `SLUGS`: of other records, which only erasing those removes. */
export type PlaceKind = ErasablePlace | 'SLUGS';

export const placeKinds: readonly PlaceKind[] = [...erasablePlaces, 'SLUGS'];

export interface Place {
  kind: PlaceKind;
  /** The record in which it is, if it is in one. */
  recordType: RecordType | null;
  recordId: string | null;
  slug: string | null;
  /** In the words of the database: `article_body.text`. */
  column: string;
  /** Whether it is in what was known earlier, and no more. */
  isPast: boolean;
  /** How often the words occur there; 1 for a statement. */
  occurrences: number;
  /** The words with what stands around them. Only to be shown, never to be kept. */
  excerpt: string;
}

export interface FoundPlaces {
  places: Place[];
  /** How many there are of each kind, those beyond the limit included. */
  counts: Record<PlaceKind, number>;
}

export interface Search {
  words: Words;
  reach: Cascade;
  /** By which words an article mentions the record, beside its names. */
  mentioned: ReadonlyMap<string, ReadonlySet<string>>;
  /** So many places are listed at most; all are counted. */
  maxPlaces: number;
  /** Called between steps of bounded size; what it throws ends the search. */
  onStep?: (() => void) | undefined;
}

/** In all texts of the database. */
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
    if (goes(row, catalog, reach)) continue;
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

/** Whether a row goes itself. */
export const goes = ({ table, keys }: TextRow, { links }: Catalog, reach: Cascade): boolean =>
  reach.has(keys['id'] ?? '') ||
  links.some(
    (link) => link.table === table.table && link.isRequired && reach.has(keys[link.column] ?? ''),
  );

/** In an article's body and passages, the words by which it mentions the record count, too. */
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

/** The record of which a row is a part: a passage is one of the fact, not of the article. */
export function ownerIn({ table: { table }, keys }: TextRow): string | null {
  if (recordTables.has(table)) return keys['id'] ?? null;
  const { id: _, article_id: article, ...others } = keys;
  return Object.values(others).find((key) => key !== null) ?? article ?? keys['id'] ?? null;
}

// Private:

const recordTables = new Set(
  Object.values(recordTypes).flatMap(({ tables }) => tables.map((table) => getTableName(table))),
);

/** Statuses of offices have references of their own. */
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
    if (place.kind === 'STATEMENTS') place.excerpt = shortened(record?.caption ?? '');
  }
}

const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}…` : text);
