/** Splits CSV text (RFC 4180) into rows. An unclosed quotation mark invalidates one row only. */
import { CsvError, parse } from 'csv-parse/sync';
import { decodeLine, maxLineBytes, otherEncoding, splitLines, tooLong } from '../stream/lines.js';

/** A row with the line on which it begins. */
export interface CsvRow {
  line: number;
  cells: string[];
}

export interface CsvProblem {
  line: number;
  problem: string;
  text?: string;
}

/** A line is not valid UTF-8; reading stops there. */
export class NotUtf8Error extends Error {
  override name = 'NotUtf8Error';

  constructor(readonly line: number) {
    super(`the file is not UTF-8: ${otherEncoding}`);
  }
}

/**
 * The rows of a table without empty lines.
 *
 * @param delimiterOf Returns the delimiter, given the first line.
 * @throws NotUtf8Error at a line that is not valid UTF-8
 */
export async function* readRows(
  chunks: AsyncIterable<Buffer>,
  delimiterOf: (firstLine: string) => string,
): AsyncGenerator<(CsvRow | CsvProblem)[]> {
  let reader: RowReader | undefined;
  let line = 0;
  for await (const lines of splitLines(withLineFeeds(chunks))) {
    const rows: (CsvRow | CsvProblem)[] = [];
    for (const bytes of lines) {
      line++;
      const decoded = bytes === 'too long' ? '' : decodeLine(bytes);
      if (decoded === undefined) {
        yield rows;
        throw new NotUtf8Error(line);
      }
      if (bytes === 'too long') rows.push({ line, problem: tooLong });
      const text = line === 1 ? decoded.replace(/^\uFEFF/, '') : decoded;
      const declared = line === 1 ? /^sep=(.)\r?$/i.exec(text)?.[1] : undefined;
      // Spreadsheets write the delimiter on a line of its own, `sep=;`.
      if (declared !== undefined) reader = new RowReader(declared);
      else if (reader) rows.push(...reader.take({ line, text }));
      else if (text.trim() !== '') {
        reader = new RowReader(delimiterOf(text));
        rows.push(...reader.take({ line, text }));
      }
    }
    yield rows;
  }
  yield reader?.end() ?? [];
}

// Private:

interface Line {
  line: number;
  text: string;
}

/** Joins lines to rows: a row ends when the number of its quotation marks is even. */
class RowReader {
  readonly #delimiter: string;
  /** The lines of an incomplete row. */
  #open: Line[] = [];
  #length = 0;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  take(line: Line): (CsvRow | CsvProblem)[] {
    const isOdd = hasOddQuotes(line.text);
    if (this.#open.length === 0) {
      const rows = this.#rowOf(line);
      const [row] = rows;
      if (!isOdd || !row || !('problem' in row) || row.problem !== notClosed) return rows;
    }
    this.#open.push(line);
    this.#length += line.text.length;
    if (this.#length > maxLineBytes) return this.#giveUp(tooLong);
    if (this.#open.length === 1 || !isOdd) return [];
    const [first = line] = this.#open;
    const text = this.#open.map((each) => each.text).join('\n');
    const rows = this.#rowOf({ line: first.line, text });
    const [row] = rows;
    if (row && 'problem' in row) return this.#giveUp(row.problem);
    this.#clear();
    return rows;
  }

  end(): (CsvRow | CsvProblem)[] {
    return this.#open.length === 0 ? [] : this.#giveUp(notClosed);
  }

  // Private:

  /**
   * Reports the first of the open lines as an invalid row, and reads the others again. All but the
   * last have an even number of quotation marks, so that no line is read often.
   */
  #giveUp(problem: string): (CsvRow | CsvProblem)[] {
    const [first, ...rest] = this.#open;
    this.#clear();
    if (!first) return [];
    const rows: (CsvRow | CsvProblem)[] = [{ ...first, problem }];
    for (const line of rest) for (const row of this.take(line)) rows.push(row);
    return rows;
  }

  #clear(): void {
    this.#open = [];
    this.#length = 0;
  }

  #rowOf({ line, text }: Line): (CsvRow | CsvProblem)[] {
    const plain = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (plain.trim() === '') return [];
    // Fast path for the majority of rows, which have no quotation marks.
    if (!plain.includes('"')) return [{ line, cells: plain.split(this.#delimiter) }];
    try {
      const options = { delimiter: this.#delimiter, relax_column_count: true, trim: true };
      const rows = parse(plain, options);
      return rows.map((cells) => ({ line, cells }));
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const problem = quotationProblems[error.code] ?? `the table is not CSV: ${error.message}`;
      return [{ line, problem, text }];
    }
  }
}

const notClosed = 'the table is not CSV: a quotation mark is opened and not closed';

const withinQuoted = 'the table is not CSV: a quoted cell contains a quotation mark; double it';

const quotationProblems: Record<string, string> = {
  INVALID_OPENING_QUOTE:
    'the table is not CSV: an unquoted cell contains a quotation mark; quote the cell and double the mark',
  CSV_INVALID_CLOSING_QUOTE: withinQuoted,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: withinQuoted,
  CSV_QUOTE_NOT_CLOSED: notClosed,
};

function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}

const carriageReturn = 13;
const lineFeed = 10;

/** Splits at the first kind of line ending found; old files use carriage returns alone. */
async function* withLineFeeds(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isOld: boolean | undefined;
  let held: Buffer | undefined;
  for await (const chunk of chunks) {
    const piece = held ? Buffer.concat([held, chunk]) : chunk;
    held = undefined;
    if (isOld === undefined) {
      const end = piece.findIndex((byte) => byte === lineFeed || byte === carriageReturn);
      if (end >= 0 && piece[end] === carriageReturn && end + 1 === piece.length) {
        // A line feed may follow in the next chunk.
        held = piece;
        continue;
      }
      if (end >= 0) isOld = piece[end] === carriageReturn && piece[end + 1] !== lineFeed;
    }
    yield isOld
      ? (piece.map((byte) => (byte === carriageReturn ? lineFeed : byte)) as Buffer)
      : piece;
  }
  if (held) yield held;
}
