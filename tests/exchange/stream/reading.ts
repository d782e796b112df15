import { Readable } from 'node:stream';
import {
  parseRecords,
  type ReadingOptions,
  type StreamFormat,
} from '../../../src/knowledge/exchange/formats/importFormats.js';
import type { LeftOutCounts } from '../../../src/knowledge/exchange/formats/leftOut.js';
import {
  isUnreadable,
  type ParsedRecord,
} from '../../../src/knowledge/exchange/stream/parsedRecord.js';

/** What a reader makes of a file. */
export interface Reading {
  /** The records, and in place of what is wrong `line: problem`. */
  records: unknown[];
  /** What was left out, and how often. */
  skipped: Record<string, number>;
  /** The line on which each of these stood first. */
  lines: Record<string, number>;
}

/** Reads a file with this content, in small pieces as a slow disk or a pipe gives them. */
export async function reading(
  content: string | Buffer,
  format: StreamFormat,
  { name = `file.${format}`, ...options }: ReadingOptions & { name?: string } = {},
): Promise<Reading> {
  const bytes = Buffer.from(content as string);
  const size = bytes.length > 100_000 ? 65_537 : 7;
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, i * size + size),
  );
  const skipped: Record<string, number> = {};
  const lines: Record<string, number> = {};
  const incoming: ParsedRecord[] = [];
  const source = { name, open: () => Readable.from(pieces) };
  const onSkipped = (kinds: LeftOutCounts) => {
    for (const [what, { count, first }] of kinds) {
      skipped[what] = count;
      lines[what] = first.line;
    }
  };
  for await (const some of parseRecords(source, format, { onSkipped, ...options })) {
    incoming.push(...some);
  }
  const records = incoming.map((record) =>
    isUnreadable(record) ? `${record.origin.line}: ${record.problem}` : record.data,
  );
  return { records, skipped, lines };
}
