/**
 * The kinds that words of other formats mean. Only exact terms count: a title that merely holds
 * one, such as "Deputy Prime Minister" or "State Registry Agency", means something else more
 * often than not, so it is of the kind OTHER.
 */
import { foldName } from '../../values/names.js';
import { isCountryName } from '../../values/countries.js';
import {
  memberTerms,
  organizationTerms,
  placeTerms,
  portfolios,
  positionTerms,
} from './vocabularyTerms.js';

/** The kind that the first of these words with a meaning has; OTHER where none has one. */
export function organizationKind(...words: (string | undefined)[]): string {
  return termIn(organizations, words) ?? 'OTHER';
}

/**
 * @param titles What the post is called, the shortest first: the role without the area it is for.
 * @param isLegislature Whether the post is in a legislature, where members are legislators.
 */
export function positionKind(
  titles: readonly (string | undefined)[],
  isLegislature: boolean,
): string {
  const known = termIn(positions, titles);
  if (known) return known;
  const folded = titles.flatMap((title) => (title ? [foldName(title)] : []));
  if (isLegislature && folded.some((title) => members.has(title))) return 'LEGISLATOR';
  for (const title of folded) {
    const kind = kindOfPhrase(title);
    if (kind) return kind;
  }
  return 'OTHER';
}

export function placeKind(...words: (string | undefined)[]): string {
  return termIn(places, words) ?? 'REGION';
}

// Private:

/** Terms by which the kind is found, folded. The names of the kinds are terms as well. */
const tableOf = (terms: Record<string, readonly string[]>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(terms).flatMap(([kind, each]) =>
      [kind.replaceAll('_', ' '), ...each].map((term): [string, string] => [foldName(term), kind]),
    ),
  );

const organizations = tableOf(organizationTerms);
const positions = tableOf(positionTerms);
const places = tableOf(placeTerms);
const members: ReadonlySet<string> = new Set(memberTerms.map(foldName));
const fields: ReadonlySet<string> = new Set(portfolios.map(foldName));

function termIn(
  table: ReadonlyMap<string, string>,
  words: readonly (string | undefined)[],
): string | undefined {
  for (const word of words) {
    const kind = word === undefined ? undefined : table.get(foldName(word));
    if (kind) return kind;
  }
  return undefined;
}

/** Longer than any office with its country, so that hostile titles take no time. */
const maxPhraseLength = 200;

/** A title that is a term with a country or a field behind it: "President of Poland", "Minister of Health". */
function kindOfPhrase(title: string): string | undefined {
  if (title.length > maxPhraseLength) return undefined;
  const [, term = '', rest = ''] = /^(.+?) (?:of|for|to) (?:the )?(.+)$/.exec(title) ?? [];
  if (term === 'minister' && isPortfolio(rest)) return 'MINISTER';
  if (!isCountryName(rest)) return undefined;
  if (/^(president|king|queen|emperor|grand duke|head of state)$/.test(term))
    return 'HEAD_OF_STATE';
  if (/^(prime minister|federal chancellor|chancellor|head of government)$/.test(term)) {
    return 'HEAD_OF_GOVERNMENT';
  }
  return /^(ambassador|high commissioner)$/.test(term) ? 'AMBASSADOR' : undefined;
}

/** "Health", or several: "Trade, Industry and Energy". */
const isPortfolio = (text: string): boolean =>
  fields.has(text) || text.split(/ and (?:the )?/).every((part) => areFields(part.split(' ')));

/** Whether the words are fields one behind the other; commas are gone in a folded text. */
function areFields(words: readonly string[]): boolean {
  if (words.length === 0) return true;
  for (let count = Math.min(3, words.length); count > 0; count--) {
    if (fields.has(words.slice(0, count).join(' ')) && areFields(words.slice(count))) return true;
  }
  return false;
}
