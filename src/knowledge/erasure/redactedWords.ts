/** Finds words in texts and redacts them. */

/** Replaces each redacted character, so that later positions in the text stay the same. */
export const mark = '█';

/** Matches words regardless of case, quotation marks, dashes and white space. */
export class Words {
  readonly #patterns: RegExp[];
  readonly #words: readonly string[];
  /** Any text with a match contains one of these, which SQL can search for. */
  readonly tokens: string[];

  constructor(words: Iterable<string>) {
    this.#words = [...words];
    const forms = new Set<string>();
    for (const word of this.#words) {
      const trimmed = word.trim();
      if (!/[\p{L}\p{N}]/u.test(trimmed)) continue;
      for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const)
        forms.add(trimmed.normalize(form));
    }
    // Longer words first, as alternatives match in order.
    const sorted = [...forms].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
    this.#patterns = [];
    for (let i = 0; i < sorted.length; i += patternsAtOnce) {
      const some = sorted.slice(i, i + patternsAtOnce).map(patternOf);
      this.#patterns.push(new RegExp(some.join('|'), 'giu'));
    }
    this.tokens = [...new Set(sorted.flatMap(tokenFormsOf))];
  }

  get isEmpty(): boolean {
    return this.#patterns.length === 0;
  }

  /** These words and others. */
  and(more: Iterable<string>): Words {
    return new Words([...this.#words, ...more]);
  }

  /** The number of matches. */
  count(text: string): number {
    return this.#patterns.reduce((sum, pattern) => sum + (text.match(pattern)?.length ?? 0), 0);
  }

  /** The text with all matches replaced by marks. */
  redact(text: string): string {
    return this.#patterns.reduce(
      (left, pattern) => left.replace(pattern, (found) => mark.repeat(Array.from(found).length)),
      text,
    );
  }

  /** The first match with its context, for an editor to judge. */
  excerpt(text: string): string {
    for (const pattern of this.#patterns) {
      const at = text.search(pattern);
      if (at < 0) continue;
      const [from, to] = [Math.max(0, at - excerptReach), at + 2 * excerptReach];
      return `${from > 0 ? '…' : ''}${text.slice(from, to).replace(/\s+/g, ' ')}${to < text.length ? '…' : ''}`;
    }
    return '';
  }
}

// Private:

const excerptReach = 40;

const patternsAtOnce = 200;

/** Scripts that write words without spaces between them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function patternOf(word: string): string {
  const characters = Array.from(word);
  const edge = (character: string | undefined, side: '<' | '') =>
    character !== undefined && /[\p{L}\p{N}\p{M}]/u.test(character) && !unspaced.test(character)
      ? `(?${side}![\\p{L}\\p{N}\\p{M}])`
      : '';
  // `ann-smith` must not match in `ann-smith-foundation`, the slug of another record.
  const isSlug = /^[a-z0-9]+(-[a-z0-9]+)+$/.test(word);
  const [before, behind] = isSlug
    ? ['(?<![\\p{L}\\p{N}-])', '(?![\\p{L}\\p{N}-])']
    : [edge(characters[0], '<'), edge(characters.at(-1), '')];
  const inner = word
    .split(/(\s+|[-‐‑‒–—]|['’‘ʼ`´]|["“”„])/u)
    .map((part) =>
      /^\s+$/u.test(part)
        ? '\\s+'
        : /^[-‐‑‒–—]$/u.test(part)
          ? '[-‐‑‒–—]'
          : /^['’‘ʼ`´]$/u.test(part)
            ? "['’‘ʼ`´]"
            : /^["“”„]$/u.test(part)
              ? '["“”„]'
              : part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
    )
    .join('');
  return `${before}${inner}${behind}`;
}

/**
 * The longest run of letters of a word, in the forms that `lower` of PostgreSQL may yield: with
 * the locale C it folds only ASCII.
 */
function tokenFormsOf(word: string): string[] {
  const runs = word.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const longest = runs.reduce((a, b) => (b.length > a.length ? b : a), '');
  const ascii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return [longest.toLowerCase(), ascii(longest), ascii(longest.toUpperCase())];
}
