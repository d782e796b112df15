/** Type-ahead over the names of entities. */
import { foldName, spellingOf } from '../../values/names.js';
import type { View } from '../../reading/view.js';
import { allOf, beginning, lexeme } from './lexemes.js';
import type { FoundName, Names, Types } from './names.js';

export interface SuggestOptions {
  types?: Types;
  limit: number;
}

/**
 * The names of which a word begins with what was typed, the most prominent entities first, each
 * entity once. Words before the last one must be whole.
 */
export async function suggest(
  names: Names,
  view: View,
  prefix: string,
  { types, limit }: SuggestOptions,
): Promise<FoundName[]> {
  const typed = foldName(prefix);
  if (typed === '' || limit === 0) return [];
  // Another name of an entity that is found already takes a place, too.
  const enough = limit * 3;
  const walked = await names.prominent(view, `% ${typed}%`, types, enough);
  const spelled = ` ${spellingOf(prefix)}`;
  const first = spelledFirst(onePerEntity(walked), spelled);
  // Where it is spelled with accents, less prominent names may be spelled so.
  const isComplete = isSpelled(first[0], spelled) || spelled === ` ${typed}`;
  if (first.length >= limit && isComplete) return first.slice(0, limit);
  const words = typed.split(' ');
  const last = words.pop() ?? '';
  const query = allOf([...words.map(lexeme), beginning(last)]);
  const found = await names.matching(view, query, types, enough);
  return spelledFirst(onePerEntity([...walked, ...found]), spelled).slice(0, limit);
}

// Private:

const isSpelled = (name: FoundName | undefined, spelled: string): boolean =>
  name !== undefined && ` ${spellingOf(name.name)}`.includes(spelled);

/** Names that are spelled as what was typed before those that are only folded alike. */
const spelledFirst = (names: readonly FoundName[], spelled: string): FoundName[] => [
  ...names.filter((name) => isSpelled(name, spelled)),
  ...names.filter((name) => !isSpelled(name, spelled)),
];

function onePerEntity(names: readonly FoundName[]): FoundName[] {
  const best = new Map<string, FoundName>();
  for (const name of names) {
    const other = best.get(name.entityId);
    if (!other || (other.kind !== null && name.kind === null)) best.set(name.entityId, name);
  }
  return [...best.values()];
}
