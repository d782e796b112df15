import { Readable } from 'node:stream';
import type { Database } from '../../../src/database/database.js';
import { exportRecords } from '../../../src/knowledge/exchange/stream/export.js';
import { importRecords } from '../../../src/knowledge/exchange/stream/import.js';
import type {
  StreamImportOptions,
  StreamSummary,
} from '../../../src/knowledge/exchange/stream/importOptions.js';
import type {
  ParsedRecord,
  RejectedRecord,
} from '../../../src/knowledge/exchange/stream/parsedRecord.js';

/** Records as lines of a stream. */
export const recordStream = (records: readonly object[]): AsyncIterable<ParsedRecord[]> =>
  Readable.from(
    records.map((data, i): ParsedRecord[] => [
      { origin: { file: 'records.jsonl', line: i + 1 }, data },
    ]),
  );

/** Imports records; returns the rejections with the summary. */
export async function importAll(
  database: Database,
  records: readonly object[],
  options: StreamImportOptions = {},
): Promise<StreamSummary & { rejections: string[] }> {
  const rejections: string[] = [];
  const onRefused = ({ origin, reasons }: RejectedRecord) =>
    void rejections.push(...reasons.map((reason) => `${origin.line}: ${reason}`));
  const summary = await importRecords(database, recordStream(records), {
    keepGoing: true,
    onRefused,
    ...options,
  });
  return { ...summary, rejections };
}

/** The contents of a knowledge base, as exported. */
export async function dump(database: Database, publicOnly = false): Promise<string[]> {
  const lines: string[] = [];
  await exportRecords(database, (some) => void lines.push(...some), { publicOnly });
  return lines;
}

export const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
