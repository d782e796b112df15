/** Writes records in export formats. */
import type { Database } from '../../../database/database.js';
import { exportRecords } from '../stream/export.js';
import { headerOf, rowOfRecord } from './csvRows.js';
import { entitiesOf } from './followTheMoneyEntities.js';
import { jsonLdContext, jsonLdOf } from './jsonLd.js';
import type { RecordTypeName } from '../../model/recordTypes.js';

export const exportFormats = ['jsonl', 'jsonld', 'csv', 'ftm'] as const;

export type ExportFormat = (typeof exportFormats)[number];

export interface WritingOptions {
  format: ExportFormat;
  /** The types of records to export; exactly one for `csv`. Default: all. */
  types?: readonly RecordTypeName[] | undefined;
  /** The base of URLs in JSON-LD. */
  base: string;
  /** Only what readers may see. Formats other than `jsonl` never hold more. */
  publicOnly?: boolean | undefined;
}

/**
 * Exports records in a format.
 *
 * @param write Called with text, and the number of records in it.
 */
export async function writeRecords(
  database: Database,
  write: (text: string, records: number) => Promise<void>,
  { format, types, base, publicOnly = false }: WritingOptions,
): Promise<void> {
  const { head = '', tail = '', between = '', text } = writers(base, types)[format];
  if (head) await write(head, 0);
  let isFirst = true;
  await exportRecords(
    database,
    async (lines) => {
      const texts = lines.map(text).filter((each) => each !== '');
      if (texts.length === 0) return;
      await write((isFirst ? '' : between) + texts.join(between), lines.length);
      isFirst = false;
    },
    { types, publicOnly: publicOnly || format !== 'jsonl' },
  );
  if (tail) await write(tail, 0);
}

// Private:

interface Writer {
  head?: string;
  between?: string;
  tail?: string;
  /** Converts a record from its line in a stream. */
  text: (line: string) => string;
}

const parsed = (line: string) => JSON.parse(line) as Record<string, unknown>;

const writers = (
  base: string,
  types: readonly RecordTypeName[] = [],
): Record<ExportFormat, Writer> => {
  const posts = new Set<string>();
  return {
    jsonl: { text: (line) => `${line}\n` },
    jsonld: {
      head: `{"@context":${JSON.stringify(jsonLdContext(base))},"@graph":[\n`,
      between: ',\n',
      tail: '\n]}\n',
      text: (line) => JSON.stringify(jsonLdOf(parsed(line))),
    },
    csv: {
      head: types[0] ? headerOf(types[0]) : '',
      text: (line) => (types[0] ? rowOfRecord(types[0], parsed(line)) : ''),
    },
    ftm: {
      text: (line) =>
        entitiesOf(parsed(line))
          // A post is written once, regardless of the number of its holders.
          .filter(({ schema, id }) => schema !== 'Position' || (!posts.has(id) && posts.add(id)))
          .map((entity) => `${JSON.stringify(entity)}\n`)
          .join(''),
    },
  };
};
