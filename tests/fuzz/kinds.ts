/**
 * Requests that are cheap to send and meant to be much work, made up by chance of the kinds of the
 * attacks, about what there is to ask for.
 */
import type { Random } from '../support/random.ts';
import type { Message } from './attacks/attack.ts';
import { times } from './attacks/base.ts';
import { ofOneName, quotation } from './attacks/editing.ts';
import { nothingSince, ofNoWords, ofThePast, passages, since } from './attacks/looking.ts';
import { longTexts, ofSchema, repeated } from './attacks/reading.ts';
import type { Known } from './values.ts';

export interface Costly extends Message {
  kind: 'query' | 'mutation' | 'subscription';
  variables: Record<string, unknown>;
  /** So many of it are sent ahead on one connection, and not read; undefined where it is read. */
  unread?: number;
}

/** @param after An event of before. */
export function costlyFrom(known: Known, random: Random, after: string): Costly {
  const kind = random.pick(kinds);
  const made = kind(random, known, after);
  const query = `${renamed(made.query, known, random)} #${random.int(0, 1e9)}`;
  const variables = JSON.parse(
    renamed(JSON.stringify(made.variables ?? {}), known, random),
  ) as Record<string, unknown>;
  const [operation = ''] = /^\s*(mutation|subscription)/.exec(query) ?? [];
  const what = (operation.trim() || 'query') as Costly['kind'];
  const isUnread = what === 'query' && random.chance(0.1);
  return { query, variables, kind: what, ...(isUnread && { unread: random.int(2, 12) }) };
}

// Private:

type Kind = (random: Random, known: Known, after: string) => Message;

const kinds: Kind[] = [
  longTexts,
  aliasedList,
  repeated,
  ofSchema,
  passages,
  ofNoWords,
  nearlyNames,
  (random, _known, after) => nothingSince(random, after),
  (random, _known, after) => since(random, after),
  ofThePast,
  manyCounts,
  (random) => ofOneName(random, 40),
  (random, known) => quotation(random, random.pick(known.ids)),
];

/** What the attacks call the records of their base, by the names of records that are here. */
const renamed = (text: string, known: Known, random: Random): string =>
  text.replaceAll(/attacked-(council|office-\d+|person-\d+)|of-(equals|letters)/g, () =>
    random.pick(known.slugs),
  );

function nearlyNames(random: Random, known: Known): Message {
  const word = (): string => {
    const [some = 'x'] = random.some(random.pick(known.names).split(' '), 1);
    const at = random.int(0, some.length);
    return some.slice(0, at) + random.pick(['', 'x', 'e', 'ö', '-']) + some.slice(at + 1);
  };
  const text = times(random.int(20, 200), word).slice(0, 990);
  return {
    query: `query ($q: String!, $n: Int) { search(query: $q, first: $n) { nodes { __typename highlight } ${random.pick(['', 'facets { recordTypes { count } }'])} } }`,
    variables: { q: text, n: random.pick([1, 20, 100]) },
  };
}

const lists = [
  ['organizations', 'name kind'],
  ['people', 'name'],
  ['statements', 'text'],
  ['offices', 'name'],
  ['events', 'name'],
  ['articles', 'title'],
] as const;

/** One list under many aliases, each with another page. */
function aliasedList(random: Random): Message {
  const [list, fields] = random.pick(lists);
  const count = random.int(5, 90);
  return {
    query: `{ ${times(count, (i) => `l${i}: ${list}(${random.pick(['first', 'last'])}: ${random.pick([1, 5, 20, 100])}) { ${random.pick(['', 'totalCount'])} nodes { id ${fields} } }`)} }`,
  };
}

/** Lists within lists, of which only the length is asked for. */
function manyCounts(random: Random): Message {
  const [list, within] = random.pick([
    ['organizations', 'offices'],
    ['organizations', 'positions'],
    ['people', 'positions'],
    ['people', 'statements'],
  ] as const);
  const past = random.chance(0.3) ? `query @asKnownAt(time: "${new Date().toISOString()}") ` : '';
  return {
    query: `${past}{ ${list}(first: ${random.int(1, 100)}) { nodes { ${times(random.int(1, 90), (i) => `c${i}: ${within} { totalCount }`)} } } }`,
  };
}
