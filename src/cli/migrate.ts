import { Command } from 'commander';
import { withDatabase } from './database.js';

export const migrateCommand = new Command('migrate')
  .description(
    'bring the tables up to date and exit (serve does so as well; concurrent runs are safe)',
  )
  .action(() =>
    withDatabase(async (database) => {
      const applied = await database.migrate();
      for (const name of applied) console.log(`applied ${name}`);
      console.log(
        applied.length
          ? `${database.description} is up to date`
          : `${database.description} was up to date already`,
      );
    }),
  );
