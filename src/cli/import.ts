import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { faultOf, maxNameLength } from '../knowledge/auth/author.js';
import { importDossier } from '../knowledge/exchange/dossier/import.js';
import { parseSource } from '../knowledge/exchange/dossier/parse.js';
import { didYouMean } from '../knowledge/validation/didYouMean.js';
import { csvMapping, type CsvMapping } from '../knowledge/exchange/formats/csvMapping.js';
import { encodingOf } from '../knowledge/exchange/stream/encoding.js';
import {
  parseRecords,
  streamFormats,
  type StreamFormat,
} from '../knowledge/exchange/formats/importFormats.js';
import { describeRejection, importRecords } from '../knowledge/exchange/stream/import.js';
import {
  isRejected,
  type ParsedRecord,
  type RejectedRecord,
  type Warning,
} from '../knowledge/exchange/stream/parsedRecord.js';
import { readEntry, type Provenance } from '../knowledge/exchange/stream/entries.js';
import { schemeName } from '../knowledge/values/schemes.js';
import { withDatabase } from './database.js';
import { UsageError } from './fail.js';
import { byteSources, cannotRead, readDossiers } from './files.js';
import {
  describe,
  importReport,
  listed,
  reportBroken,
  reportLeftOut,
  reportSources,
  type LeftOut,
  printWarnings,
} from './importReport.js';
import { keepMemorySmall } from './memory.js';
import { openOutput } from './outputFile.js';
import { progressLine } from './progress.js';

interface ImportOptions {
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

export const importCommand = new Command('import')
  .description(
    'read files into the knowledge base: dossiers, streams, Popolo, FollowTheMoney, tables',
  )
  .argument('<file...>', 'files of one format, read in this order; - is the standard input')
  .addOption(
    new Option('--format <format>', 'what the files are; by default their names tell').choices([
      'dossier',
      ...streamFormats,
    ]),
  )
  .option('--map <file>', 'how the columns of a table become fields, in YAML')
  .option('--scheme <name>', 'the scheme of the ids in a Popolo file (popolo)')
  .option(
    '--source <name>',
    'within which identifiers hold that are not unique in the world; it is public (the path of the file as given)',
  )
  .option(
    '--trust-scheme <name>',
    'a scheme whose identifiers count as unique in the world, beside those that docs/stream.md lists; may be given again',
    (name: string, others: string[]) => [...others, name],
    [] as string[],
  )
  .option(
    '--encoding <name>',
    'what the text is encoded in: windows-1252, utf-16le … (UTF-8, or UTF-16 with a byte order mark)',
  )
  .option('--dry-run', 'show the first ten records as they would become, and write nothing')
  .option('--keep-going', 'take the sound records even where others are wrong')
  .option('--refused <file>', 'where to put the records that are not taken, with reasons')
  .option('--actor <name>', 'who is recorded in the history as having made the changes', 'import')
  .option('--reason <text>', 'why, for the history')
  .option('--json', 'one JSON object of what was done, for programs')
  .addHelpText(
    'after',
    `
Formats: dossier (.yaml, .json: written by people, each whole or not at all), jsonl (.jsonl:
what chancery export writes), ftm (.ftm.json, .ftm.jsonl: FollowTheMoney), popolo (a JSON
document, or one object a line), csv (.csv, with --map).

Everything but a dossier may be packed with gzip, and is read in batches, whatever its size. The first batch with a wrong
record ends the import, and nothing of that batch is written; importing again goes on from
there. Records are known again by slug, else by identifier, never by name alone. Identifiers that
are not unique in the world (wikidata, viaf, lei … are) hold within their source: two files of one
publisher need the same --source.

Examples:
  chancery import sample/nato-office-in-japan.yaml
  chancery import people.ftm.json
  chancery import parliament.json --format popolo
  chancery import offices.csv --map offices.map.yaml --dry-run`,
  )
  .action(async (files: string[], options: ImportOptions) => {
    const fault = faultOf(options.actor, maxNameLength);
    if (fault !== undefined) throw new UsageError(`--actor ${fault}`);
    const format = options.format ?? formatOf(files);
    if (format === 'dossier') {
      rejectForDossiers(options);
      return importDossiers(files, options);
    }
    if ((format === 'popolo' || format === 'ftm') && options.source === undefined) {
      if (files.includes('-')) throw new UsageError(namelessInput);
    }
    await importStreams(files, format, options);
  });

// Private:

const identity = 'cli:import';
const namelessInput =
  'the ids of the standard input hold only within their source, which has no name: give it one with --source';

/** What all the files are by their names. */
function formatOf(files: readonly string[]): 'dossier' | StreamFormat {
  const formats = new Set(
    files.map((file) => {
      const name = file.toLowerCase().replace(/\.gz$/, '');
      return byName.find(([ending]) => ending.test(name))?.[1];
    }),
  );
  const [format] = formats;
  if (formats.size === 1 && format) return format;
  throw new UsageError(
    formats.size > 1
      ? 'the files are of several formats: import them one after the other'
      : `what ${files[0]} is, its name does not tell: say so with --format`,
  );
}

const byName: [RegExp, 'dossier' | StreamFormat][] = [
  [/\.ftm\.(json|jsonl|ndjson)$/, 'ftm'],
  [/\.popolo\.json$/, 'popolo'],
  [/\.(jsonl|ndjson)$/, 'jsonl'],
  [/\.csv$/, 'csv'],
  [/\.(ya?ml|json)$|^-$/, 'dossier'],
];

/** Nothing is quietly left undone that somebody asked for. */
function rejectForDossiers(options: ImportOptions): void {
  const wholly = 'which are read whole or not at all';
  if (options.dryRun) {
    throw new UsageError(
      '--dry-run is not for dossiers: chancery check reads them without writing',
    );
  }
  if (options.keepGoing) throw new UsageError(`--keep-going is not for dossiers, ${wholly}`);
  if (options.refused !== undefined) {
    throw new UsageError(`--refused is not for dossiers, ${wholly}`);
  }
  if (options.map !== undefined) throw new UsageError('--map is for tables in CSV');
  if (options.scheme !== undefined) throw new UsageError('--scheme is for Popolo');
  if (options.encoding !== undefined) {
    throw new UsageError('--encoding is not for dossiers, which are UTF-8');
  }
}

async function importDossiers(files: string[], options: ImportOptions) {
  const sources = await readDossiers(files);
  const { trustScheme: trustSchemes } = options;
  await withDatabase(async (database) => {
    await database.migrate();
    for (const source of sources) {
      const progress = progressLine(source.name);
      const summary = await importDossier(database, source, {
        ...options,
        identity,
        trustSchemes,
        onProgress: (done, total) => progress.update({ records: done, share: done / total }),
      }).finally(progress.end);
      if (options.json)
        console.log(JSON.stringify({ file: source.name, ...importReport(summary) }));
      else {
        console.log(`${source.name}: ${describe(summary)}`);
        reportBroken(summary);
      }
      printWarnings(summary.warnings);
    }
  });
}

async function importStreams(files: string[], format: StreamFormat, options: ImportOptions) {
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
  const refusals = await refusalFile(options.refused);
  await withDatabase(async (database) => {
    await database.migrate();
    const warnings = warningPrinter(progress.end);
    const summary = await importRecords(database, all(), {
      source: options.source,
      trustSchemes: options.trustScheme,
      onWarning: warnings.add,
      actor: options.actor,
      identity,
      reason: options.reason ?? `import of ${files.join(', ')}`,
      keepGoing: options.keepGoing,
      onRefused: (refusal) => {
        progress.end();
        refusals.add(refusal);
      },
      onProgress: (done) => {
        records = done;
        show();
      },
    }).finally(async () => {
      progress.end();
      await refusals.close();
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
      console.error(`chancery: ${summary.refused} ${records} refused${where}`);
      process.exitCode = 1;
    }
  });
}

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
    if (file !== undefined) throw new UsageError('--map is for tables in CSV');
    return undefined;
  }
  if (file === undefined) throw new UsageError('a table needs --map: which column is which field');
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

/** The first ten records as they would become, without a look at the knowledge base. */
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

async function refusalFile(path: string | undefined) {
  const file = path === undefined ? undefined : await openOutput(path);
  return {
    add: (refusal: RejectedRecord) => {
      if (!file) return console.error(describeRejection(refusal));
      const { origin, reasons, data } = refusal;
      file.write(`${JSON.stringify({ ...origin, reasons, record: data })}\n`);
    },
    close: () => file?.close(),
  };
}

/** Warnings one by one, but no more than anybody reads; the rest are counted. */
function warningPrinter(beforehand: () => void) {
  let count = 0;
  return {
    add: (warning: Warning) => {
      if (count++ >= maxWarnings) return;
      beforehand();
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
