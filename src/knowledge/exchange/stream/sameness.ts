/**
 * Decides whether two records with the same identifier from different sources can be the same.
 * Registers contain mistakes: contradicting records are kept separate and reported.
 */
import { eq, sql } from 'drizzle-orm';
import type { Queryable } from '../../../database/database.js';
import { equalsAny } from '../../../database/sql.js';
import { entity, entityName, person } from '../../../database/tables/index.js';
import { uuids } from '../../reading/keys.js';
import { foldName } from '../../values/names.js';
import { daysOf } from '../../values/partialDate.js';
import { isData } from '../../values/data.js';

/** The fields that are compared: names, the main one first, and dates. */
export interface Description {
  names: string[];
  birthDate?: string | null;
  deathDate?: string | null;
}

/** Reads the descriptions of entities. */
export async function readDescriptions(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, Description>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      id: entity.id,
      name: entity.name,
      others: sql<string[]>`array(select ${entityName.name} from ${entityName}
        where ${entityName.entityId} = ${entity.id} order by ${entityName.id})`,
      birthDate: person.birthDate,
      deathDate: person.deathDate,
    })
    .from(entity)
    .leftJoin(person, eq(person.id, entity.id))
    .where(equalsAny(entity.id, uuids([...new Set(ids)])));
  return new Map(
    rows.map(({ id, name, others, ...dates }) => [id, { names: [name, ...others], ...dates }]),
  );
}

/** Why a record cannot be an entity; undefined if it can. */
export function whyApart(
  record: Readonly<Record<string, unknown>>,
  existing: Description,
): string | undefined {
  const given = describe(record);
  const dates = [
    compareDates('they were born', given.birthDate, existing.birthDate),
    compareDates('they died', given.deathDate, existing.deathDate),
    compareLives(given, existing) ?? compareLives(existing, given),
  ];
  const contradiction = dates.find((each) => typeof each === 'string');
  if (contradiction !== undefined) return contradiction;
  if (dates.includes(true) || shareWord(given.names, existing.names)) return undefined;
  return 'their names have no word in common, and no date agrees';
}

// Private:

function describe(record: Readonly<Record<string, unknown>>): Description {
  const { name, names, birthDate, deathDate } = record;
  const others = (Array.isArray(names) ? (names as unknown[]) : []).flatMap((each) =>
    isData(each) && typeof each['name'] === 'string' ? each['name'] : [],
  );
  return {
    names: [String(name), ...others],
    birthDate: typeof birthDate === 'string' ? birthDate : null,
    deathDate: typeof deathDate === 'string' ? deathDate : null,
  };
}

type Date = string | null | undefined;

const daysIn = (date: Date) => (date ? daysOf(date) : undefined);

/** True if both dates may be the same day, a message if they cannot, else false. */
function compareDates(what: string, given: Date, existing: Date): boolean | string {
  const [a, b] = [daysIn(given), daysIn(existing)];
  if (!a || !b) return false;
  return a.first <= b.last && b.first <= a.last ? true : `${what} in ${given} and ${existing}`;
}

/** A message if one was born after the other had died. */
function compareLives({ birthDate }: Description, { deathDate }: Description) {
  const [born, died] = [daysIn(birthDate), daysIn(deathDate)];
  return born && died && died.last < born.first
    ? `one was born in ${birthDate}, when the other had died in ${deathDate}`
    : undefined;
}

function shareWord(given: readonly string[], existing: readonly string[]): boolean {
  const words = new Set(given.flatMap(wordsOf));
  return existing.flatMap(wordsOf).some((word) => words.has(word));
}

/** The distinctive words of a name, and the name without spaces for scripts that write none. */
function wordsOf(name: string): string[] {
  const words = foldName(name).split(' ');
  return [words.join(''), ...words.filter((word) => !isCommon(word))].filter((word) => word !== '');
}

/** Initials, particles and honorifics, which unrelated people share. */
const isCommon = (word: string): boolean =>
  /^[\p{Script=Latin}\d]$/u.test(word) || particles.has(word) || honorifics.has(word);

const particles = new Set(
  'the of and for in on at to der die das und von vom zu den des de del della di do da dos das du la le les el los las y e et van het ibn bin al ul a o an'.split(
    ' ',
  ),
);

const honorifics = new Set(
  'mr mrs miss dr prof professor sir dame lord lady hon rt honourable honorable rev mp mps mep msp ms am md phd qc kc jr sr herr frau mme monsieur madame senor senora dott ing mag'.split(
    ' ',
  ),
);
