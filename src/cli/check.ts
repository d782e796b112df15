import { Command } from 'commander';
import { checkDossier, type DossierSource } from '../knowledge/exchange/dossier/import.js';
import { DossierError } from '../knowledge/exchange/dossier/issues.js';
import { withDatabaseToRead } from './database.js';
import { readDossiers } from './files.js';
import { printWarnings } from './importReport.js';

export const checkCommand = new Command('check')
  .description('report all issues of dossiers without writing anything')
  .argument('<file...>', 'dossiers; - is standard input')
  .addHelpText(
    'after',
    `
Slugs that a dossier does not define are looked up in the knowledge base. If there is none yet,
dossiers are checked against themselves only.

Example:
  chancery check sample/nato-office-in-japan.yaml`,
  )
  .action((files: string[]) =>
    withDatabaseToRead(async (database) => {
      const sources = await readDossiers(files);
      const issues = [];
      for (const source of sources) {
        const outcome = await outcomeOf(checkDossier(database, source));
        if (outcome instanceof DossierError) issues.push(...outcome.issues);
        else {
          console.log(`${nameOf(source)}: no mistakes`);
          printWarnings(outcome.warnings);
        }
      }
      if (issues.length) throw new DossierError(issues);
    }),
  );

// Private:

const nameOf = ({ name }: DossierSource) => name;

async function outcomeOf<Outcome>(checked: Promise<Outcome>): Promise<Outcome | DossierError> {
  try {
    return await checked;
  } catch (error) {
    if (error instanceof DossierError) return error;
    throw error;
  }
}
