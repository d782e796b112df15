/**
 * Maps terms of other formats to kinds. Only exact terms match: a title that contains one, such as
 * "Deputy Prime Minister" or "State Registry Agency", usually means something else, and has the kind
 * OTHER.
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

/** The kind of the first known term; OTHER if there is none. */
export function organizationKind(...words: (string | undefined)[]): string {
  return termIn(organizations, words) ?? 'OTHER';
}

/**
 * @param titles Titles of the post, the shortest first: the role without its area.
 * @param isLegislature Whether the post is in a legislature, whose members are legislators.
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

/** Kinds by folded term, the names of the kinds included. */
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

/** Longer titles are not parsed, which limits the time for hostile ones. */
const maxPhraseLength = 200;

/** The kind of a term with a country or portfolio: "President of Poland", "Minister of Health". */
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

/** Whether words are a sequence of portfolios; folding has removed commas. */
function areFields(words: readonly string[]): boolean {
  if (words.length === 0) return true;
  for (let count = Math.min(3, words.length); count > 0; count--) {
    if (fields.has(words.slice(0, count).join(' ')) && areFields(words.slice(count))) return true;
  }
  return false;
}
