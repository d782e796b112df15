/** Reads records from import formats. */
import type { ParsedRecord } from '../stream/parsedRecord.js';
import type { CsvMapping } from './csvMapping.js';
import { readCsv } from './csv.js';
import { readFollowTheMoney } from './followTheMoneyFile.js';
import type { LeftOutCounts } from './leftOut.js';
import { readJsonLines } from './jsonl.js';
import { readPopolo } from './popoloFile.js';
import { readLines, type ByteSource } from '../stream/lines.js';

export const streamFormats = ['jsonl', 'ftm', 'popolo', 'csv'] as const;

export type StreamFormat = (typeof streamFormats)[number];

export interface ReadingOptions {
  /** The mapping of columns to fields; required for `csv`. */
  mapping?: CsvMapping | undefined;
  /** The scheme of the ids in a Popolo file. Default `popolo`. */
  scheme?: string | undefined;
  /** The encoding; default UTF-8, or UTF-16 with a byte order mark. */
  encoding?: string | undefined;
  /** The source within which ids are unique, and generated slugs as well. Default: the file's name. */
  source?: string | undefined;
  /** Called with the number of bytes read. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** Called with the number of items of each kind that were skipped, and the place of the first. */
  onSkipped?: ((skipped: LeftOutCounts) => void) | undefined;
}

/** The records of a file; a file without records yields an unreadable one. */
export async function* parseRecords(
  source: ByteSource,
  format: StreamFormat,
  options: ReadingOptions = {},
): AsyncGenerator<ParsedRecord[]> {
  let count = 0;
  const { encoding } = options;
  const text = encoding === undefined ? source : { ...source, encoding };
  for await (const records of readersOf[format](text, options)) {
    count += records.length;
    if (records.length > 0) yield records;
  }
  if (count === 0)
    yield [{ origin: { file: source.name, line: 1 }, problem: 'the file contains no record' }];
}

// Private:

type Reader = (source: ByteSource, options: ReadingOptions) => AsyncGenerator<ParsedRecord[]>;

const noop = () => {};

const readersOf: Record<StreamFormat, Reader> = {
  jsonl: (source, { onBytes }) => readJsonLines(readLines(source, onBytes)),
  ftm: (file, { onBytes = noop, source = file.name, onSkipped }) =>
    readFollowTheMoney(file, source, onBytes, onSkipped),
  popolo: (file, { onBytes = noop, scheme = 'popolo', source = file.name, onSkipped }) =>
    readPopolo(file, { scheme, source }, onBytes, onSkipped),
  csv: (source, { onBytes = noop, mapping, onSkipped }) => {
    if (!mapping) throw new TypeError('a table needs a mapping');
    return readCsv(source, mapping, onBytes, onSkipped);
  },
};
