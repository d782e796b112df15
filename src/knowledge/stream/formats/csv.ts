/** Tables in CSV, read by a mapping. */
import { parse, type CsvError } from 'csv-parse';
import { Readable } from 'node:stream';
import type { Incoming } from '../incoming.js';
import { decodedText, readingProblem, type ByteSource } from '../lines.js';
import { columnsOf, rowReader, type CsvMapping, type Row } from './csvMapping.js';

/**
 * The records of a table, whose first line names the columns.
 *
 * @param onBytes Told how many bytes of the file were read.
 */
export async function* readCsv(
  source: ByteSource,
  mapping: CsvMapping,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Incoming[]> {
  const at = (line: number) => ({ file: source.name, line });
  const read = rowReader(mapping);
  let missing: string[] = [];
  const parser = Readable.from(decodedText(source, onBytes)).pipe(
    parse({
      bom: true,
      delimiter: mapping.delimiter ?? ',',
      info: true,
      skip_empty_lines: true,
      columns: (header: string[]) => {
        const names = header.map((name) => name.trim());
        missing = columnsOf(mapping).filter((column) => !names.includes(column));
        return names;
      },
    }),
  );
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Row;
      info: { lines: number };
    }>) {
      const origin = at(info.lines);
      if (missing.length > 0) {
        const problem = `the table has no column ${missing.map((name) => JSON.stringify(name)).join(' or ')}: correct the mapping`;
        yield [{ origin: at(1), problem }];
        return;
      }
      yield [rowOf(read, record, origin)];
    }
  } catch (error) {
    const { message, code, lines = 1 } = error as CsvError & { lines?: number };
    const problem = code.startsWith('CSV_')
      ? `the table is not CSV: ${message}`
      : readingProblem(error);
    if (problem === undefined) throw error;
    yield [{ origin: at(lines), problem }];
  }
}

// Private:

function rowOf(read: (row: Row) => object, row: Row, origin: Incoming['origin']): Incoming {
  try {
    return { origin, data: read(row) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { origin, problem: error.message, text: JSON.stringify(row) };
  }
}
