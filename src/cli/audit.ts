import { Command } from 'commander';
import { audit } from '../knowledge/history/audit.js';
import { withDatabaseToRead } from './database.js';
import { toJsonLine } from './json.js';

export const auditCommand = new Command('audit')
  .description(
    'verify that history matches the records, and that articles contain their quotations',
  )
  .option('--json', 'one JSON object per line')
  .addHelpText(
    'after',
    `
Replays the revisions of every record and compares the result with the record; looks up every
verified reference, and the words of every DIRECT and MIXED statement, in the body of its
article. Writes nothing. Exits with 1 if there are discrepancies.`,
  )
  .action(({ json }: { json?: boolean }) =>
    withDatabaseToRead(async (database) => {
      const { records, revisions, references, erased, discrepancies } = await audit(database);
      const tombstones = erased > 0 ? `, ${erased} erased` : '';
      for (const discrepancy of discrepancies) {
        const { recordType, id, message } = discrepancy;
        console.log(json ? toJsonLine(discrepancy) : `${recordType} ${id}: ${message}`);
      }
      console.error(
        `${records} records, ${revisions} revisions, ${references} references${tombstones}: ${discrepancies.length === 0 ? 'all agree' : `${discrepancies.length} do not agree`}`,
      );
      if (discrepancies.length > 0) process.exitCode = 1;
    }),
  );
