import type { Database } from './database.js';
import { connectPostgres, type PostgresOptions } from './postgres.js';

/** Where the knowledge is kept: a server's URL, a folder of this machine, or this process. */
export type DatabaseLocation =
  { url: string } | { dataDir: string } | { inMemory: true; template?: Blob };

/** @throws DatabaseError when it cannot be used, in words for the person who named it. */
export async function openDatabase(
  location: DatabaseLocation,
  options: PostgresOptions = {},
): Promise<Database> {
  if ('url' in location) return connectPostgres(location.url, options);
  // Who uses a server has no need of the code of the embedded database.
  const { openEmbedded } = await import('./embedded.js');
  if ('dataDir' in location) return openEmbedded(location.dataDir, options);
  return openEmbedded(undefined, { ...options, template: location.template });
}
