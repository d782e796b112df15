import { Command } from 'commander';
import { importDossier, type ImportSummary } from '../knowledge/dossier/import.js';
import { withDatabase } from './database.js';
import { readDossiers } from './files.js';
import { progressLine } from './progress.js';

export const importCommand = new Command('import')
  .description('read dossiers (YAML or JSON) into the knowledge base, each whole or not at all')
  .argument('<file...>', 'dossiers, imported in this order; - is the standard input')
  .option('--actor <name>', 'who is recorded in the history as having made the changes', 'import')
  .option('--reason <text>', 'why, for the history')
  .addHelpText(
    'after',
    `
A dossier tells articles, entities, posts, memberships, events and statements, each with the
passages that say so. Importing one again changes nothing. Every mistake in it (a key that
does not exist, a slug nobody has, a date that is none, a passage that the article does not
hold) is told with file, line and column, all at once, and then nothing of it is written.

Example:
  chancery import sample/nato-office-in-japan.yaml`,
  )
  .action((files: string[], options: { actor: string; reason?: string }) =>
    withDatabase(async (database) => {
      const sources = await readDossiers(files);
      await database.migrate();
      for (const source of sources) {
        const progress = progressLine(source.name);
        const summary = await importDossier(database, source, {
          ...options,
          onProgress: progress.update,
        }).finally(progress.end);
        console.log(`${source.name}: ${describe(summary)}`);
        for (const { message } of summary.broken) console.log(`  no longer verified: ${message}`);
      }
    }),
  );

// Private:

function describe({ created, updated, unchanged }: ImportSummary): string {
  const sum = (counts: Record<string, number>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  return `${sum(created)} created, ${sum(updated)} changed, ${sum(unchanged)} unchanged`;
}
