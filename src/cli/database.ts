import { readConfig } from '../config.js';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open.js';

/** Runs a command on the database that the environment names, and lets go of it afterwards. */
export async function withDatabase<Result>(
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  const { database: location, waitSeconds } = readConfig(process.env);
  const database = await openDatabase(location, {
    poolSize: 2,
    waitSeconds,
    onRetry: (message) => process.stderr.write(`chancery: ${message}\n`),
  });
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}
