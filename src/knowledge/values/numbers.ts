/** Preserves integers beyond JavaScript's precision, as texts. */

/** A JSON number as a number, or as a text if it would lose digits. */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : value;
}

/** The same for an integer in YAML. */
export const exactInteger = (value: unknown): unknown =>
  typeof value === 'bigint' ? exactNumber(String(value)) : value;

/** Parses JSON; integers beyond 2^53 become texts, so that ids keep their digits. */
export function parseJson(text: string): unknown {
  const data: unknown = JSON.parse(text);
  // Fast path: such long runs of digits are rare.
  return /\d{16}/.test(text) ? JSON.parse(withExactNumbers(text)) : data;
}

// Private:

/** Quotes such numbers in JSON. Not by a regular expression over texts, which overflows the stack. */
function withExactNumbers(json: string): string {
  const parts: string[] = [];
  for (let at = 0; at < json.length;) {
    const opening = json.indexOf('"', at);
    const between = opening < 0 ? json.slice(at) : json.slice(at, opening);
    parts.push(
      between.replace(numbers, (each) =>
        typeof exactNumber(each) === 'string' ? `"${each}"` : each,
      ),
    );
    if (opening < 0) break;
    at = endOfText(json, opening);
    parts.push(json.slice(opening, at));
  }
  return parts.join('');
}

const numbers = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The position after the closing quotation mark of a text. */
function endOfText(json: string, opening: number): number {
  for (let at = opening + 1; ;) {
    const quote = json.indexOf('"', at);
    if (quote < 0) return json.length;
    let escapes = 0;
    while (json[quote - 1 - escapes] === '\\') escapes++;
    at = quote + 1;
    if (escapes % 2 === 0) return at;
  }
}
