import { Command, InvalidArgumentError, Option } from 'commander';
import { curate } from '../knowledge/curation/curate.js';
import { previewErasure } from '../knowledge/erasure/erase.js';
import { findNamedRecords } from '../knowledge/erasure/namedRecords.js';
import { erasablePlaces, type ErasablePlace } from '../knowledge/erasure/places.js';
import { erasureReasons, type ErasureReason } from '../knowledge/erasure/tombstones.js';
import type { Database } from '../database/database.js';
import { decodeGlobalId, looksLikeGlobalId } from '../graph/relay/globalId.js';
import { withDatabaseToRead } from './database.js';
import { toJsonLine } from './json.js';
import { UsageError } from './fail.js';
import { type RecordTypeName, recordTypeByName } from '../knowledge/model/recordTypes.js';
import { EditError } from '../knowledge/validation/editErrors.js';
import type { Target } from '../knowledge/history/target.js';
import type { Erasure, ErasureRequest } from '../knowledge/erasure/erasure.js';

interface EraseOptions {
  reason: ErasureReason;
  type?: RecordTypeName;
  dryRun?: boolean;
  also: ErasablePlace[];
  word: string[];
  former?: string;
  json?: boolean;
}

export const eraseCommand = new Command('erase')
  .description('erase a record and its history permanently; a tombstone remains')
  .argument('<record>', 'its slug or id')
  .addOption(
    new Option('--reason <category>', 'the reason')
      .choices([...erasureReasons])
      .argParser(reason)
      .makeOptionMandatory(),
  )
  .addOption(
    new Option('--type <type>', 'its type, if several records have the slug').choices(
      Object.keys(recordTypeByName),
    ),
  )
  .option('--dry-run', 'only list what would be erased, and other places that mention it')
  .addOption(
    new Option('--also <place...>', 'kinds of places to redact as well')
      .choices(['all', ...erasablePlaces.map((place) => place.toLowerCase())])
      .default([]),
  )
  .option('--word <text...>', 'words to find in addition to its names, such as a surname', [])
  .option(
    '--former <field>',
    'erase only former values of a field, such as body; the record remains',
  )
  .option('--json', 'one JSON object')
  .addHelpText(
    'after',
    `
Records that depend on the record are erased with it: its positions, memberships, statements and
references, the offices of an organization, the statements in an article. Other places that
mention it remain, unless --also selects them:

  statements  statements about it, to it or on its behalf
  passages    passages with its names that support other records
  bodies      bodies of articles with its names, former ones included
  texts       other texts of other records with its names, former ones included
  revisions   histories of other records that mention it

Statements are erased completely; in texts, the names are redacted. This cannot be undone.
Earlier backups, logs and exports still contain everything: see docs/erasure.md.

Examples:
  chancery erase ann-smith --reason PERSONAL_DATA --dry-run
  chancery erase ann-smith --reason PERSONAL_DATA --also all --word Smith`,
  )
  .action((record: string, options: EraseOptions) =>
    // Creates no knowledge base if there is none.
    withDatabaseToRead(async (database) => {
      const also = options.also.includes('all' as ErasablePlace)
        ? [...erasablePlaces]
        : options.also.map((place) => place.toUpperCase() as ErasablePlace);
      const request: ErasureRequest = {
        target: await targetOf(database, record, options.type),
        reason: options.reason,
        also,
        words: options.word,
        former: options.former,
      };
      const erasure = await run(database, request, options.dryRun ?? false);
      if (options.json) console.log(toJsonLine(erasure));
      else report(erasure, options.dryRun ?? false);
    }),
  );

// Private:

/** The maximum number of places listed. */
const maxPlaces = 100_000;

function reason(text: string): string {
  const name = text.toUpperCase().replaceAll('-', '_');
  if ((erasureReasons as readonly string[]).includes(name)) return name;
  throw new InvalidArgumentError(`Allowed choices are ${erasureReasons.join(', ')}.`);
}

async function targetOf(database: Database, name: string, type?: RecordTypeName): Promise<Target> {
  const id = looksLikeGlobalId(name) ? idOf(name) : name;
  const found = await findNamedRecords(database, id);
  const ofType = type
    ? found.filter(({ recordType }) => recordType === recordTypeByName[type])
    : found;
  const [target] = ofType;
  if (!target) {
    throw new UsageError(`no record ${type ? `of type ${type} ` : ''}has the slug or id ${name}`);
  }
  if (ofType.length > 1) {
    const types = ofType.map(({ recordType }) => recordType).join(' and ');
    throw new UsageError(`${name} is the slug of records among ${types}: select one with --type`);
  }
  if (target.mergedInto) {
    throw new UsageError(
      `${name} was merged into ${target.mergedInto}: erase that record, which erases this one as well, or give the id of this one, ${target.id}`,
    );
  }
  return { recordType: target.recordType, name: { id: target.id } };
}

function idOf(text: string): string {
  try {
    return decodeGlobalId(text, 'the record').id;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function run(
  database: Database,
  request: ErasureRequest,
  isDryRun: boolean,
): Promise<Erasure> {
  try {
    if (isDryRun) return await previewErasure(database, request, maxPlaces);
    const author = { identity: 'cli:erase', actor: 'erase', reason: null };
    const { outcomes } = await database.withoutTimeout((unlimited) =>
      curate(unlimited, [{ kind: 'erase', ...request }], author),
    );
    const erasure = outcomes[0]?.erasure;
    if (!erasure) throw new Error('an erasure has an outcome');
    return erasure;
  } catch (error) {
    if (error instanceof EditError) throw new UsageError(error.message);
    throw error;
  }
}

function report({ records, places, counts }: Erasure, isDryRun: boolean): void {
  const total = Object.values(records).reduce((sum, count) => sum + count, 0);
  const kinds = Object.entries(records).map(([type, count]) => `${count} × ${type}`);
  console.log(`${isDryRun ? 'would be erased' : 'erased'}: ${kinds.join(', ')}`);
  for (const { kind, recordType, slug, recordId, column, isPast, occurrences, excerpt } of places) {
    const where = recordType ? `${recordType} ${slug ?? recordId ?? ''}` : column;
    const past = isPast ? ', earlier' : '';
    const words = excerpt ? `: ${excerpt}` : '';
    console.log(`${kind.toLowerCase()}: ${where} (${column}${past}) × ${occurrences}${words}`);
  }
  const remaining = Object.entries(counts).filter(([, count]) => count > 0);
  const listed = remaining.map(([kind, count]) => `${count} × ${kind.toLowerCase()}`).join(', ');
  console.error(
    remaining.length === 0
      ? `${total} records; no other place mentions it`
      : isDryRun
        ? `${total} records; other places that mention it and remain unless selected by --also: ${listed}`
        : `${total} records; remaining places, which were not selected: ${listed}`,
  );
}
