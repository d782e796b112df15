/** The part of `chancery import` for streams of records: Popolo, FollowTheMoney, tables, JSON lines. */
import { readFile } from 'node:fs/promises';
import { readConfig } from '../config.js';
import { parseSource } from '../knowledge/exchange/dossier/parse.js';
import { csvMapping, type CsvMapping } from '../knowledge/exchange/formats/csvMapping.js';
import { parseRecords, type StreamFormat } from '../knowledge/exchange/formats/importFormats.js';
import { encodingOf } from '../knowledge/exchange/stream/encoding.js';
import { readEntry, type Provenance } from '../knowledge/exchange/stream/entries.js';
import { importRecords } from '../knowledge/exchange/stream/import.js';
import {
  isRejected,
  type ParsedRecord,
  type RejectedRecord,
  type Warning,
} from '../knowledge/exchange/stream/parsedRecord.js';
import { describeRejection } from '../knowledge/exchange/stream/rejections.js';
import { didYouMean } from '../knowledge/validation/didYouMean.js';
import { schemeName } from '../knowledge/values/schemes.js';
import { withDatabase } from './database.js';
import { UsageError } from './fail.js';
import { byteSources, cannotRead } from './files.js';
import {
  describe,
  importReport,
  listed,
  reportBroken,
  reportLeftOut,
  reportSources,
  type LeftOut,
} from './importReport.js';
import { keepMemorySmall } from './memory.js';
import { openOutput } from './outputFile.js';
import { progressLine } from './progress.js';

/** The options of `chancery import`. */
export interface ImportOptions {
  format?: 'dossier' | StreamFormat;
  map?: string;
  scheme?: string;
  encoding?: string;
  source?: string;
  trustScheme: string[];
  dryRun?: boolean;
  keepGoing?: boolean;
  refused?: string;
  actor: string;
  reason?: string;
  json?: boolean;
}

export const identity = 'cli:import';

export async function importStreams(files: string[], format: StreamFormat, options: ImportOptions) {
  const mapping = await readMapping(format, options.map);
  const encoding = encodingIn(options);
  const sources = await byteSources(files);
  const total = sources.reduce((sum, { size = Number.NaN }) => sum + size, 0);
  const progress = progressLine(sources.length === 1 ? (files[0] ?? '') : `${files.length} files`);
  const leftOut: LeftOut[] = [];
  let read = 0;
  let records = 0;
  const show = () => progress.update({ records, share: read / total });
  async function* all(): AsyncGenerator<ParsedRecord[]> {
    let before = 0;
    for (const source of sources) {
      yield* parseRecords(source, format, {
        mapping,
        scheme: options.scheme,
        encoding,
        source: options.source,
        onBytes: (bytes) => {
          read = before + bytes;
          keepMemorySmall();
        },
        onSkipped: (counts) => leftOut.push(...listed(counts)),
      });
      before += source.size ?? 0;
    }
  }
  const provenance = {
    source: options.source,
    trusted: new Set(options.trustScheme.map(schemeName)),
  };
  if (options.dryRun) return showFirst(all(), provenance);
  const rejections = await rejectionFile(options.refused);
  await withDatabase(async (database) => {
    await database.migrate();
    const warnings = warningPrinter(progress.end);
    const summary = await importRecords(database, all(), {
      source: options.source,
      trustSchemes: options.trustScheme,
      bodyAccess: readConfig(process.env).bodyAccess,
      onWarning: warnings.add,
      actor: options.actor,
      identity,
      reason: options.reason ?? `import of ${files.join(', ')}`,
      keepGoing: options.keepGoing,
      onRefused: (rejection) => {
        progress.end();
        rejections.add(rejection);
      },
      onProgress: (done) => {
        records = done;
        show();
      },
    }).finally(async () => {
      progress.end();
      await rejections.close();
    });
    warnings.close();
    if (options.json) console.log(JSON.stringify(importReport(summary, leftOut)));
    else {
      reportLeftOut(leftOut);
      console.log(describe(summary));
      reportSources(summary);
      reportBroken(summary);
    }
    if (summary.refused > 0) {
      const where = options.refused ? `; see ${options.refused}` : '';
      const records = summary.refused === 1 ? 'record' : 'records';
      console.error(`chancery: ${summary.refused} ${records} rejected${where}`);
      process.exitCode = 1;
    }
  });
}

// Private:

function encodingIn({ encoding }: ImportOptions): string | undefined {
  if (encoding === undefined) return undefined;
  const known = encodingOf(encoding);
  if (known !== undefined) return known;
  const choice = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'];
  throw new UsageError(
    `the encoding ${JSON.stringify(encoding)} is unknown${didYouMean(encoding, choice)}: use ${choice.join(', ')}, or another name of the WHATWG Encoding Standard`,
  );
}

async function readMapping(format: StreamFormat, file?: string): Promise<CsvMapping | undefined> {
  if (format !== 'csv') {
    if (file !== undefined) throw new UsageError('--map applies to csv only');
    return undefined;
  }
  if (file === undefined)
    throw new UsageError('csv requires --map, the mapping of columns to fields');
  const text = await readFile(file, 'utf8').catch((error: unknown) => cannotRead(file, error));
  const { data, issues } = parseSource({ name: file, text });
  const [wrong] = issues;
  if (wrong) {
    throw new UsageError(`${file}:${wrong.line}:${wrong.column}: ${wrong.message}`);
  }
  const { success, error, data: mapping } = csvMapping.safeParse(data);
  if (success) return mapping;
  const [issue] = error.issues;
  throw new UsageError(`${file}: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Prints the first ten records without access to the knowledge base. */
async function showFirst(
  records: AsyncIterable<ParsedRecord[]>,
  provenance: Provenance,
): Promise<void> {
  let shown = 0;
  for await (const some of records) {
    for (const incoming of some) {
      const entry = readEntry(incoming, provenance);
      if (isRejected(entry)) {
        console.error(describeRejection(entry));
        process.exitCode = 1;
      } else {
        for (const message of entry.warnings ?? []) {
          console.error(describeWarning({ origin: entry.origin, message }));
        }
        console.log(JSON.stringify({ type: entry.type, ...entry.record }, null, 2));
      }
      if (++shown >= 10) return;
    }
  }
}

async function rejectionFile(path: string | undefined) {
  const file = path === undefined ? undefined : await openOutput(path);
  return {
    add: (rejection: RejectedRecord) => {
      if (!file) return console.error(describeRejection(rejection));
      const { origin, reasons, data } = rejection;
      file.write(`${JSON.stringify({ ...origin, reasons, record: data })}\n`);
    },
    close: () => file?.close(),
  };
}

/** Prints warnings up to a limit, and counts the others. */
function warningPrinter(beforeFirst: () => void) {
  let count = 0;
  return {
    add: (warning: Warning) => {
      if (count++ >= maxWarnings) return;
      beforeFirst();
      console.error(describeWarning(warning));
    },
    close: () => {
      if (count > maxWarnings) console.error(`chancery: ${count - maxWarnings} more warnings`);
    },
  };
}

const maxWarnings = 1000;

const describeWarning = ({ origin, message }: Warning): string =>
  `${origin.file}:${origin.line}: warning: ${message}`;
