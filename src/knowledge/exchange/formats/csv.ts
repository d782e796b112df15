/** Reads CSV tables with a mapping. */
import { didYouMean } from '../../validation/didYouMean.js';
import type { ParsedRecord } from '../stream/parsedRecord.js';
import { readingProblem, unpackedChunks, type ByteSource } from '../stream/lines.js';
import { columnsOf, rowReader, type CsvMapping, type Row } from './csvMapping.js';
import { LeftOut, type LeftOutCounts } from './leftOut.js';
import { NotUtf8Error, readRows, type CsvProblem, type CsvRow } from './csvText.js';

/**
 * The records of a table whose first row names the columns.
 *
 * @param onBytes Called with the number of bytes read.
 * @param onSkipped Called at the end with the number of skipped cells of unmapped columns.
 */
export async function* readCsv(
  source: ByteSource,
  mapping: CsvMapping,
  onBytes: (bytes: number) => void,
  onSkipped: (skipped: LeftOutCounts) => void = () => {},
): AsyncGenerator<ParsedRecord[]> {
  const table = new Table(source.name, mapping);
  let line = 1;
  try {
    const chunks = unpackedChunks(source, onBytes);
    for await (const rows of readRows(chunks, (first) => delimiterOf(first, mapping))) {
      line = rows.at(-1)?.line ?? line;
      yield rows.flatMap((row) => table.recordsOf(row));
      if (table.isUnusable) return;
    }
  } catch (error) {
    const isText = !(error instanceof NotUtf8Error);
    const problem = isText ? readingProblem(error) : error.message;
    if (problem === undefined) throw error;
    yield [{ origin: { file: source.name, line: isText ? line : error.line }, problem }];
  }
  onSkipped(table.skipped);
}

// Private:

class Table {
  readonly #file: string;
  readonly #needed: string[];
  readonly #read: (row: Row) => object;
  readonly #leftOut: LeftOut;
  #header: string[] | undefined;
  /** Whether the header is invalid, so that no row can be read. */
  isUnusable = false;

  constructor(file: string, mapping: CsvMapping) {
    this.#file = file;
    this.#leftOut = new LeftOut({ file, line: 1 });
    this.#needed = columnsOf(mapping);
    this.#read = rowReader(mapping);
  }

  /** The number of skipped cells by column. */
  get skipped(): LeftOutCounts {
    return this.#leftOut.counts;
  }

  recordsOf(row: CsvRow | CsvProblem): ParsedRecord[] {
    if (this.isUnusable) return [];
    const origin = { file: this.#file, line: row.line };
    if ('problem' in row) {
      const { problem, text } = row;
      // Rows cannot be read without the header.
      this.isUnusable = this.#header === undefined;
      return [{ origin, problem, ...(text !== undefined && { text }) }];
    }
    if (!this.#header) {
      this.#header = row.cells.map((name) => name.trim());
      const problem = this.#headerProblem(this.#header);
      this.isUnusable = problem !== undefined;
      return problem === undefined ? [] : [{ origin, problem }];
    }
    return this.#record(this.#header, row.cells, origin);
  }

  // Private:

  #headerProblem(header: string[]): string | undefined {
    const twice = header.find((name, i) => name !== '' && header.indexOf(name) !== i);
    if (twice !== undefined) {
      const places = header.flatMap((name, i) => (name === twice ? i + 1 : []));
      return `the columns ${places.join(' and ')} are both called ${JSON.stringify(twice)}: rename one of them`;
    }
    const missing = this.#needed.filter((column) => !header.includes(column));
    if (missing.length === 0) return undefined;
    const names = missing.map((name) => JSON.stringify(name) + didYouMean(name, header));
    return `the table has no column ${names.join(' or ')}: correct the mapping`;
  }

  #record(header: string[], cells: string[], origin: ParsedRecord['origin']): ParsedRecord[] {
    // Spreadsheets append rows of delimiters only.
    if (cells.every((cell) => cell.trim() === '')) return [];
    const beyond = cells.slice(header.length);
    if (cells.length < header.length || beyond.some((cell) => cell.trim() !== '')) {
      const problem = `the row has ${count(cells.length, 'cell')}, but the table has ${count(header.length, 'column')}: correct the row, or put cells that hold the delimiter in quotation marks`;
      return [{ origin, problem, text: JSON.stringify(cells) }];
    }
    const row = Object.create(null) as Row;
    header.forEach((name, i) => (row[name] = cells[i] ?? ''));
    try {
      return [{ origin, data: this.#read(row) }];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [{ origin, problem: error.message, text: JSON.stringify(row) }];
    } finally {
      this.#countUnread(header, cells, origin);
    }
  }

  #countUnread(header: string[], cells: string[], origin: ParsedRecord['origin']): void {
    header.forEach((name, i) => {
      if (this.#needed.includes(name) || !cells[i]?.trim()) return;
      const column =
        name === '' ? `column ${i + 1}, which has no name` : `column ${JSON.stringify(name)}`;
      this.#leftOut.add(column, 1, origin);
    });
  }
}

const count = (number: number, recordType: string) =>
  `${number} ${recordType}${number === 1 ? '' : 's'}`;

/** The delimiter of the mapping, else the one that yields most of the required columns. */
function delimiterOf(firstLine: string, mapping: CsvMapping): string {
  if (mapping.delimiter !== undefined) return mapping.delimiter;
  const needed = columnsOf(mapping);
  const found = (delimiter: string) => {
    const names = new Set(
      firstLine.split(delimiter).map((name) => name.trim().replace(/^"|"$/g, '')),
    );
    return needed.filter((column) => names.has(column)).length;
  };
  return [',', ';', '\t', '|'].reduce((best, each) => (found(each) > found(best) ? each : best));
}
