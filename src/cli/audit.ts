import { Command } from 'commander';
import { audit } from '../knowledge/history/audit.js';
import { withDatabaseToRead } from './database.js';
import { toJsonLine } from './json.js';

export const auditCommand = new Command('audit')
  .description(
    'verify that history and state agree, and that articles have what is quoted from them',
  )
  .option('--json', 'one JSON object a line, for programs')
  .addHelpText(
    'after',
    `
The revisions of every record are replayed and compared with the record; every verified
reference, and the words of every DIRECT and MIXED statement, are looked up in the body of
its article. Nothing is written. Exit code 1 where
anything does not agree.`,
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
