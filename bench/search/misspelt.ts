/** Slips of the finger. */
import type { Random } from '../../tests/support/random.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** The text with one slip: a letter put in, left out, swapped with the next, or replaced. */
export function misspelt(text: string, random: Random): string {
  const at = random.below(text.length);
  const letter = letters.charAt(random.below(letters.length));
  const [before, after] = [text.slice(0, at), text.slice(at + 1)];
  switch (random.below(4)) {
    case 0:
      return before + letter + text.slice(at);
    case 1:
      return before + after;
    case 2:
      return after ? before + after.charAt(0) + text.charAt(at) + after.slice(1) : before + letter;
    default:
      return before + letter + after;
  }
}
