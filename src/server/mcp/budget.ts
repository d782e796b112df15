/**
 * The budget of an answer. A token is estimated as three UTF-8 bytes of the result as JSON, rounded
 * up; what does not fit is left out from the end, and counted.
 */
import { z } from 'zod';

export const defaultTokens = 2000;
export const minTokens = 300;
export const maxTokens = 20_000;

/** The argument of every tool. */
export const tokensArgument = z
  .number()
  .int()
  .min(minTokens)
  .max(maxTokens)
  .default(defaultTokens)
  .describe('Budget of the answer');

/** The tokens of a text as the result of a tool. */
export const tokensOf = (text: string): number =>
  Math.ceil((Buffer.byteLength(JSON.stringify(text)) + envelopeBytes) / bytesPerToken);

export const fits = (text: string, tokens: number): boolean => tokensOf(text) <= tokens;

/** How much of each item is shown: passages, and the characters of a text. */
export interface Detail {
  passages: number;
  characters: number;
}

/**
 * The answer with the most items that fits, in as much detail as all of them allow.
 *
 * @param render the answer with the first `count` of the items
 */
export function fit(
  total: number,
  tokens: number,
  render: (count: number, detail: Detail) => string,
): string {
  for (const detail of details) {
    const whole = render(total, detail);
    if (fits(whole, tokens)) return whole;
  }
  for (const detail of details.slice(1)) {
    const count = largest(total, (count) => fits(render(count, detail), tokens));
    if (count > 0) return render(count, detail);
  }
  const none = render(0, least);
  return fits(none, tokens)
    ? none
    : 'The answer does not fit into maxTokens, not even its first item. Give more.';
}

// Private:

const bytesPerToken = 3;

/** What surrounds the text in a result, in every version of the protocol. */
const envelopeBytes = 100;

/** A long list with a passage of each item tells more than a short one with all passages. */
const details: readonly Detail[] = [
  { passages: 4, characters: 2000 },
  { passages: 1, characters: 600 },
  { passages: 1, characters: 120 },
];
const least: Detail = { passages: 1, characters: 120 };

/** The largest number up to `limit` that holds, where each smaller one holds too. */
function largest(limit: number, holds: (count: number) => boolean): number {
  let low = 0;
  let high = limit;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
