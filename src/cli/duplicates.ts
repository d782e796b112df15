import { Command, InvalidArgumentError, Option } from 'commander';
import { findDuplicates, type DuplicateOptions } from '../knowledge/curation/duplicates.js';
import { withDatabaseToRead } from './database.js';

export const duplicatesCommand = new Command('duplicates')
  .description('report entities that may be duplicates; merges nothing')
  .addOption(
    new Option('--type <type>', 'only entities of this type').choices([
      'ORGANIZATION',
      'PERSON',
      'OFFICE',
      'PLACE',
    ]),
  )
  .option('--least <share>', 'minimum similarity of names, from 0 to 1', share, 0.7)
  .option('--json', 'one JSON object per line')
  .addHelpText(
    'after',
    `
Names are compared without accents, case and order of words, other names included. Pairs of people
with contradicting dates of birth or death are left out.

Example:
  chancery duplicates --type PERSON`,
  )
  .action((options: DuplicateOptions & { json?: boolean }) =>
    withDatabaseToRead(async (database) => {
      const duplicates = await findDuplicates(database, options);
      for (const duplicate of duplicates) {
        const { type, score, one, other } = duplicate;
        console.log(
          options.json
            ? JSON.stringify(duplicate)
            : `${score.toFixed(2)} ${type.toLowerCase()} ${one.slug} (${one.name}) – ${other.slug} (${other.name})`,
        );
      }
      console.error(duplicates.length === 1 ? '1 pair' : `${duplicates.length} pairs`);
    }),
  );

// Private:

function share(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('must be a number from 0 to 1, such as 0.7.');
}
