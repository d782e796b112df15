/** Numbers that look random and are the same for a seed (mulberry32, by Tommy Ettinger). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

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
