import { Command, Option } from 'commander';
import { readConfig } from '../config.js';
import { faultOf, maxNameLength } from '../knowledge/auth/author.js';
import { importDossier } from '../knowledge/exchange/dossier/import.js';
import { streamFormats, type StreamFormat } from '../knowledge/exchange/formats/importFormats.js';
import { withDatabase } from './database.js';
import { UsageError } from './fail.js';
import { readDossiers } from './files.js';
import { describe, importReport, printWarnings, reportBroken } from './importReport.js';
import { identity, importStreams, type ImportOptions } from './importStreams.js';
import { progressLine } from './progress.js';

export const importCommand = new Command('import')
  .description('import files: dossiers, streams, Popolo, FollowTheMoney, tables')
  .argument('<file...>', 'files of one format, read in this order; - is standard input')
  .addOption(
    new Option('--format <format>', 'the format of the files (default: by their names)').choices([
      'dossier',
      ...streamFormats,
    ]),
  )
  .option('--map <file>', 'the mapping of table columns to fields, in YAML')
  .option('--scheme <name>', 'the scheme of the ids in a Popolo file (default: popolo)')
  .option(
    '--source <name>',
    'the source within which identifiers are unique; it is public (default: the path of the file as given)',
  )
  .option(
    '--trust-scheme <name>',
    'a globally unique scheme, in addition to those that docs/stream.md lists; may be repeated',
    (name: string, others: string[]) => [...others, name],
    [] as string[],
  )
  .option(
    '--encoding <name>',
    'the encoding: windows-1252, utf-16le … (default: UTF-8, or UTF-16 with a byte order mark)',
  )
  .option('--dry-run', 'show the first ten records as they would be imported, and write nothing')
  .option('--keep-going', 'import valid records even if others are rejected')
  .option('--refused <file>', 'a file for rejected records, with reasons')
  .option('--actor <name>', 'the author recorded in history', 'import')
  .option('--reason <text>', 'the reason recorded in history')
  .option('--json', 'one JSON object')
  .addHelpText(
    'after',
    `
Formats: dossier (.yaml, .json: written by people, imported completely or not at all), jsonl
(.jsonl: as chancery export writes it), ftm (.ftm.json, .ftm.jsonl: FollowTheMoney), popolo (a
JSON document, or one object per line), csv (.csv, with --map).

Files other than dossiers may be compressed with gzip, and are imported in batches. The first
batch with a rejected record ends the import and is not written; importing again continues from
there. Records are recognized by slug, else by identifier, never by name. Identifiers that are not
globally unique (wikidata, viaf, lei … are) are unique only within their source: files of one
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

const namelessInput =
  'ids are unique only within their source, and standard input has no name: give the source with --source';

/** The format of the files, by their names. */
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
      ? 'the files have several formats: import them separately'
      : `the format of ${files[0]} is not clear from its name: give it with --format`,
  );
}

const byName: [RegExp, 'dossier' | StreamFormat][] = [
  [/\.ftm\.(json|jsonl|ndjson)$/, 'ftm'],
  [/\.popolo\.json$/, 'popolo'],
  [/\.(jsonl|ndjson)$/, 'jsonl'],
  [/\.csv$/, 'csv'],
  [/\.(ya?ml|json)$|^-$/, 'dossier'],
];

/** Rejects options that do not apply to dossiers, instead of ignoring them. */
function rejectForDossiers(options: ImportOptions): void {
  const atomic = 'which are imported completely or not at all';
  if (options.dryRun) {
    throw new UsageError('--dry-run does not apply to dossiers: use chancery check');
  }
  if (options.keepGoing) throw new UsageError(`--keep-going does not apply to dossiers, ${atomic}`);
  if (options.refused !== undefined) {
    throw new UsageError(`--refused does not apply to dossiers, ${atomic}`);
  }
  if (options.map !== undefined) throw new UsageError('--map applies to csv only');
  if (options.scheme !== undefined) throw new UsageError('--scheme applies to popolo only');
  if (options.encoding !== undefined) {
    throw new UsageError('--encoding does not apply to dossiers, which are UTF-8');
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
        bodyAccess: readConfig(process.env).bodyAccess,
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
