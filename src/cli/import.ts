import { Command, Option } from 'commander';
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

/** Rejects options that have no meaning for dossiers: none is ignored in silence. */
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
