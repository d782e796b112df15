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
  .description('erase a record for good, with its history; a tombstone stays')
  .argument('<record>', 'its slug or id')
  .addOption(
    new Option('--reason <category>', 'why: one of these, and no more words')
      .choices([...erasureReasons])
      .argParser(reason)
      .makeOptionMandatory(),
  )
  .addOption(
    new Option('--type <type>', 'its type, where a slug is of several records').choices(
      Object.keys(recordTypeByName),
    ),
  )
  .option('--dry-run', 'only list what would go, and every place where else it is told')
  .addOption(
    new Option('--also <place...>', 'what of those places goes, too')
      .choices(['all', ...erasablePlaces.map((place) => place.toLowerCase())])
      .default([]),
  )
  .option('--word <text...>', 'words by which it is known beside its names, such as a surname', [])
  .option('--former <field>', 'only what a field was earlier, such as body; the record stays')
  .option('--json', 'one JSON object, for programs')
  .addHelpText(
    'after',
    `
What cannot be without the record goes with it: posts, memberships, its statements, references,
of an organization its offices, of an article the statements in it. What else tells of it stays
unless --also names it:

  statements  statements that are about it, to it or on its behalf
  passages    passages with its names on which other records rest
  bodies      bodies of articles with its names, also replaced ones
  texts       other texts of other records with its names, also replaced ones
  revisions   histories of other records that name it

Statements go whole; in texts the names are blacked out. It cannot be undone. Backups, logs and
exports that were made before still have all of it: see docs/erasure.md.

Examples:
  chancery erase ann-smith --reason PERSONAL_DATA --dry-run
  chancery erase ann-smith --reason PERSONAL_DATA --also all --word Smith`,
  )
  .action((record: string, options: EraseOptions) =>
    // Where there is no knowledge base yet, none is made.
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

/** So many places are listed at most. */
const maxPlaces = 100_000;

function reason(text: string): string {
  const name = text.toUpperCase().replaceAll('-', '_');
  if ((erasureReasons as readonly string[]).includes(name)) return name;
  throw new InvalidArgumentError(`Allowed choices are ${erasureReasons.join(', ')}.`);
}

async function targetOf(database: Database, name: string, type?: RecordTypeName): Promise<Target> {
  const id = looksLikeGlobalId(name) ? idOf(name) : name;
  const found = await findNamedRecords(database, id);
  const wanted = type
    ? found.filter(({ recordType }) => recordType === recordTypeByName[type])
    : found;
  const [target] = wanted;
  if (!target) {
    throw new UsageError(`no record ${type ? `of type ${type} ` : ''}has the slug or id ${name}`);
  }
  if (wanted.length > 1) {
    const types = wanted.map(({ recordType }) => recordType).join(' and ');
    throw new UsageError(`${name} is a slug among ${types}: say which with --type`);
  }
  if (target.mergedInto) {
    throw new UsageError(
      `${name} was merged into ${target.mergedInto}: erase that record, with which this one goes, or name this one by its id, ${target.id}`,
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
    const { outcomes } = await database.withoutTimeout((patient) =>
      curate(patient, [{ kind: 'erase', ...request }], author),
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
  const left = Object.entries(counts).filter(([, count]) => count > 0);
  const told = left.map(([kind, count]) => `${count} × ${kind.toLowerCase()}`).join(', ');
  console.error(
    left.length === 0
      ? `${total} records; nothing else tells of it`
      : isDryRun
        ? `${total} records; what else tells of it, and stays unless --also names it: ${told}`
        : `${total} records; left, as it was not chosen: ${told}`,
  );
}
