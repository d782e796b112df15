/** The formats in which records come in. */
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
  /** How columns become fields; needed for `csv`. */
  mapping?: CsvMapping | undefined;
  /** The scheme of the ids in a Popolo file. Default `popolo`. */
  scheme?: string | undefined;
  /** The encoding of the text; by default UTF-8, or UTF-16 where a byte order mark says so. */
  encoding?: string | undefined;
  /** Within which ids hold, so that slugs made of them are its own. Default: the file's name. */
  source?: string | undefined;
  /** Called with the number of bytes read of the file. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** Called with what no record keeps: how many of each kind, and where the first stood. */
  onSkipped?: ((skipped: LeftOutCounts) => void) | undefined;
}

/** The records of a file; one without any gives an unreadable record. */
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
    yield [{ origin: { file: source.name, line: 1 }, problem: 'the file holds no record' }];
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
