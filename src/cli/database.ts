import { existsSync } from 'node:fs';
import { readConfig } from '../config.js';
import { DatabaseError, type Database } from '../database/database.js';
import { openBeside, type DatabaseLocation } from '../database/open.js';

/**
 * Runs a command on the configured database and closes it afterwards. With an embedded database,
 * connects to the running server if there is one.
 */
export const withDatabase = <Result>(
  use: (database: Database) => Promise<Result>,
): Promise<Result> => withOpened(readConfig(process.env).database, use);

/**
 * Runs a command that only reads. It creates neither a data folder nor tables: without a knowledge
 * base it reads an empty one in memory.
 *
 * @throws DatabaseError if the tables are of another version
 */
export function withDatabaseToRead<Result>(
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { database: location } = readConfig(process.env);
  const exists = !('dataDir' in location) || existsSync(location.dataDir);
  return withOpened(exists ? location : { inMemory: true }, async (database) => {
    if (!exists) await database.migrate();
    if (await database.isUpToDate()) return use(database);
    throw new DatabaseError(
      `the tables of the ${database.description} are of another version; run chancery migrate first`,
    );
  });
}

// Private:

async function withOpened<Result>(
  location: DatabaseLocation,
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await openBeside(location, {
    poolSize: 2,
    waitSeconds: readConfig(process.env).waitSeconds,
    onRetry: (message) => process.stderr.write(`chancery: ${message}\n`),
  });
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}
