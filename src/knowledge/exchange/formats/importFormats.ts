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
  /** Told how many bytes of the file were read. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** Told what no record keeps: how many of each kind, and where the first stood. */
  onSkipped?: ((skipped: LeftOutCounts) => void) | undefined;
}

/** The records of a file; one without any is told as unreadable. */
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

const nobody = () => {};

const readersOf: Record<StreamFormat, Reader> = {
  jsonl: (source, { onBytes }) => readJsonLines(readLines(source, onBytes)),
  ftm: (file, { onBytes = nobody, source = file.name, onSkipped }) =>
    readFollowTheMoney(file, source, onBytes, onSkipped),
  popolo: (file, { onBytes = nobody, scheme = 'popolo', source = file.name, onSkipped }) =>
    readPopolo(file, { scheme, source }, onBytes, onSkipped),
  csv: (source, { onBytes = nobody, mapping, onSkipped }) => {
    if (!mapping) throw new TypeError('a table needs a mapping');
    return readCsv(source, mapping, onBytes, onSkipped);
  },
};
