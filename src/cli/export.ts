import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Command, Option } from 'commander';
import {
  exportFormats,
  writeRecords,
  type ExportFormat,
} from '../knowledge/exchange/formats/exportFormats.js';
import { untilUnchanged } from '../knowledge/reading/snapshot.js';
import { withDatabaseToRead } from './database.js';
import { UsageError } from './fail.js';
import { keepMemorySmall } from './memory.js';
import { cannotWrite } from './outputFile.js';
import { progressLine } from './progress.js';
import { type RecordTypeName, recordTypeByName } from '../knowledge/model/recordTypes.js';

interface ExportOptions {
  format: ExportFormat;
  type?: RecordTypeName[];
  output?: string;
  base: string;
  public?: boolean;
}

const types = Object.keys(recordTypeByName) as RecordTypeName[];

export const exportCommand = new Command('export')
  .description('export the knowledge base: everything, or what readers may see in another format')
  .addOption(
    new Option('--format <format>', 'the format').choices([...exportFormats]).default('jsonl'),
  )
  .addOption(new Option('--type <type...>', 'only records of these types').choices(types))
  .option(
    '-o, --output <file>',
    'the output file, compressed if its name ends in .gz (default: standard output)',
  )
  .option('--public', 'only what readers may see, also as jsonl')
  .option('--base <url>', 'the base of URLs in JSON-LD', 'http://localhost:4000/')
  .addHelpText(
    'after',
    `
jsonl contains everything, including drafts, deleted records and history: it is the backup, from
which import restores an identical knowledge base. With --public it contains what readers may see: no
drafts, no history, and no bodies of articles whose bodyAccess is PASSAGES. So do the other
formats always: jsonld in terms of schema.org, ftm as FollowTheMoney entities, csv as a table of
one --type.

Examples:
  chancery export -o knowledge.jsonl.gz
  chancery export --public -o public.jsonl.gz
  chancery export --format csv --type Office -o offices.csv
  chancery export --format jsonld | jq .`,
  )
  .action((options: ExportOptions) => {
    const { format, type, output } = options;
    if (format === 'csv' && type?.length !== 1) {
      throw new UsageError('csv requires exactly one --type');
    }
    return withDatabaseToRead(async (database) => {
      const progress = progressLine(output ?? format);
      let records = 0;
      const write = () => {
        records = 0;
        return toOutput(output, (write) =>
          writeRecords(
            database,
            async (text, count) => {
              records += count;
              keepMemorySmall();
              progress.update({ records, share: Number.NaN });
              await write(text);
            },
            { format, types: type, base: options.base, publicOnly: options.public },
          ),
        );
      };
      // A file can be written again; standard output cannot.
      await (output === undefined ? write() : untilUnchanged(write)).finally(progress.end);
      if (output !== undefined) console.error(`${records} records written to ${output}`);
    });
  });

// Private:

type Write = (text: string) => Promise<void>;

/** Writes to a temporary name first, so that an incomplete export is not mistaken for a complete one. */
async function toOutput(file: string | undefined, work: (write: Write) => Promise<void>) {
  if (file === undefined) return work(writerTo(process.stdout));
  const unfinished = `${file}.unfinished`;
  try {
    const target = createWriteStream(unfinished);
    const gzip = file.endsWith('.gz') ? createGzip() : undefined;
    const done = gzip ? pipeline(gzip, target) : once(target, 'close');
    done.catch(() => {});
    const stream: Writable = gzip ?? target;
    await Promise.race([work(writerTo(stream)), failureOf(target)]);
    stream.end();
    await done;
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    if ((error as NodeJS.ErrnoException).syscall) cannotWrite(file, error);
    throw error;
  }
}

const writerTo =
  (stream: Writable): Write =>
  async (text) => {
    if (!stream.write(text)) await once(stream, 'drain');
  };

const failureOf = (stream: Writable): Promise<never> =>
  new Promise((_, reject) => void stream.once('error', reject));
