/**
 * Cells that spreadsheets would run. A spreadsheet takes what begins with `=`, `+`, `-` or `@` for a
 * formula, which can send what the table holds elsewhere (OWASP, "CSV Injection"); an apostrophe
 * before it makes a text of it. See docs/decisions/24-formulas.md.
 */

/** The cell as a text, whatever it begins with; numbers stay numbers. */
export const withoutFormula = (cell: string): string =>
  isDangerous.test(cell) && !isNumber.test(cell) ? `'${cell}` : cell;

/** The cell as it was before `withoutFormula`. */
export const withFormula = (cell: string): string => (isMarked.test(cell) ? cell.slice(1) : cell);

// Private:

/** Also in full width, as some spreadsheets take those for the same; and after white space that they drop. */
const first = '[=+\\-@\\t\\r\\n\\uff1d\\uff0b\\uff0d\\uff20]';

/** Behind apostrophes of its own as well, so that none of those is taken away later. */
const isDangerous = new RegExp(`^'*\\s*${first}`);
const isMarked = new RegExp(`^'+\\s*${first}`);

const isNumber = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
