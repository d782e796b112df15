import { existsSync } from 'node:fs';
import { readConfig } from '../config.js';
import { DatabaseError, type Database } from '../database/database.js';
import { openBeside, type DatabaseLocation } from '../database/open.js';

/**
 * Runs a command on the database that the environment names, and closes it afterwards. A running
 * server shares the embedded database.
 */
export const withDatabase = <Result>(
  use: (database: Database) => Promise<Result>,
): Promise<Result> => withOpened(readConfig(process.env).database, use);

/**
 * Runs a command that only reads. It makes neither a data folder nor a table: where there is no
 * knowledge base yet, it reads an empty one in memory.
 *
 * @throws DatabaseError when the tables are of another version
 */
export function withDatabaseToRead<Result>(
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { database: location } = readConfig(process.env);
  const isThere = !('dataDir' in location) || existsSync(location.dataDir);
  return withOpened(isThere ? location : { inMemory: true }, async (database) => {
    if (!isThere) await database.migrate();
    if (await database.isUpToDate()) return use(database);
    throw new DatabaseError(
      `the ${database.description} has not the tables of this version; run chancery migrate first`,
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
