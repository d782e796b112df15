/**
 * Whether two records to which different sources give one identifier can be the same. Registers
 * and those who copy from them make mistakes: what contradicts itself is kept apart and reported.
 */
import { eq, sql } from 'drizzle-orm';
import type { Queryable } from '../../../database/database.js';
import { equalsAny } from '../../../database/sql.js';
import { entity, entityName, person } from '../../../database/tables/index.js';
import { uuids } from '../../reading/keys.js';
import { foldName } from '../../values/names.js';
import { daysOf } from '../../values/partialDate.js';
import { isData } from '../../values/data.js';

/** What is compared of an entity: its name first, and its other ones. */
export interface Description {
  names: string[];
  birthDate?: string | null;
  deathDate?: string | null;
}

/** What is known of these entities. */
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

/** Why a record of a stream cannot be an entity, in words; undefined where it can be. */
export function whyApart(
  record: Readonly<Record<string, unknown>>,
  there: Description,
): string | undefined {
  const here = describe(record);
  const dates = [
    compareDates('they were born', here.birthDate, there.birthDate),
    compareDates('they died', here.deathDate, there.deathDate),
    compareLives(here, there) ?? compareLives(there, here),
  ];
  const contradiction = dates.find((each) => typeof each === 'string');
  if (contradiction !== undefined) return contradiction;
  if (dates.includes(true) || shareWord(here.names, there.names)) return undefined;
  return 'no name of the one shares a word with a name of the other, and no date agrees';
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

/** True where both dates may mean the same day, words where they certainly do not. */
function compareDates(what: string, here: Date, there: Date): boolean | string {
  const [a, b] = [daysIn(here), daysIn(there)];
  if (!a || !b) return false;
  return a.first <= b.last && b.first <= a.last ? true : `${what} in ${here} and ${there}`;
}

/** Words where one was certainly born after the other had died. */
function compareLives({ birthDate }: Description, { deathDate }: Description) {
  const [born, died] = [daysIn(birthDate), daysIn(deathDate)];
  return born && died && died.last < born.first
    ? `one was born in ${birthDate}, when the other had died in ${deathDate}`
    : undefined;
}

function shareWord(here: readonly string[], there: readonly string[]): boolean {
  const words = new Set(here.flatMap(wordsOf));
  return there.flatMap(wordsOf).some((word) => words.has(word));
}

/** The words of a name that mean something, and the name in one piece, as scripts without spaces have it. */
function wordsOf(name: string): string[] {
  const words = foldName(name).split(' ');
  return [words.join(''), ...words.filter((word) => !isIdle(word))].filter((word) => word !== '');
}

/** Initials, particles and forms of address, which strangers share. */
const isIdle = (word: string): boolean =>
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
