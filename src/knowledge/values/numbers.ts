/** Whole numbers whose digits JavaScript's numbers do not keep: they are read as texts. */

/** A number of JSON as a number, or as the text that it is where a number would lose digits. */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : value;
}

/** A whole number of YAML, likewise. */
export const exactInteger = (value: unknown): unknown =>
  typeof value === 'bigint' ? exactNumber(String(value)) : value;

/** Reads JSON; whole numbers beyond 2^53 are texts, so that ids keep their digits. */
export function parseJson(text: string): unknown {
  const data: unknown = JSON.parse(text);
  // So long a row of digits is rare, even within texts.
  return /\d{16}/.test(text) ? JSON.parse(withExactNumbers(text)) : data;
}

// Private:

/** The same JSON with such numbers as texts. A regular expression over the texts overflows the stack. */
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

/** Behind the quotation mark that ends the text which begins here. */
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
