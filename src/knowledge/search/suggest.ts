/** Type-ahead over the names of entities. */
import { foldName } from '../values/names.js';
import type { View } from '../reading/view.js';
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
  const first = onePerEntity(walked);
  if (first.length >= limit) return first.slice(0, limit);
  const words = typed.split(' ');
  const last = words.pop() ?? '';
  const query = allOf([...words.map(lexeme), beginning(last)]);
  const found = await names.matching(view, query, types, enough);
  return onePerEntity([...walked, ...found]).slice(0, limit);
}

// Private:

function onePerEntity(names: readonly FoundName[]): FoundName[] {
  const best = new Map<string, FoundName>();
  for (const name of names) {
    const other = best.get(name.entityId);
    if (!other || (other.kind !== null && name.kind === null)) best.set(name.entityId, name);
  }
  return [...best.values()];
}
