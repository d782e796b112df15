/**
 * Escapes cells that spreadsheets would evaluate. A cell that begins with `=`, `+`, `-` or `@` is a
 * formula and can leak the table (OWASP, "CSV Injection"); a leading apostrophe makes it a text. See
 * docs/decisions/24-formulas.md.
 */

/** The cell escaped as a text; numbers stay numbers. */
export const withoutFormula = (cell: string): string =>
  isDangerous.test(cell) && !isNumber.test(cell) ? `'${cell}` : cell;

/** Reverses `withoutFormula`. */
export const withFormula = (cell: string): string => (isMarked.test(cell) ? cell.slice(1) : cell);

// Private:

/** Also full-width variants, and after white space that some spreadsheets strip. */
const first = '[=+\\-@\\t\\r\\n\\uff1d\\uff0b\\uff0d\\uff20]';

/** Existing apostrophes are escaped as well, so that unescaping is exact. */
const isDangerous = new RegExp(`^'*\\s*${first}`);
const isMarked = new RegExp(`^'+\\s*${first}`);

const isNumber = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
