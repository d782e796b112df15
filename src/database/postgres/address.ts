/** The address of a server for node-postgres, and a probe of whether it answers. */
import { dirname } from 'node:path';
import pg from 'pg';
import type postgres from 'postgres';

export type Address = pg.ClientConfig;

const connectTimeoutMs = 3000;

/** The address as postgres.js has parsed it. Of several hosts the first is used. */
export function addressOf({ options }: Pick<postgres.Sql, 'options'>): Address {
  const { host, port, path, database, user, pass, ssl } = options;
  const settings = options.connection as Record<string, string | undefined>;
  return {
    host: path ? dirname(path) : host[0],
    port: port[0],
    database,
    user,
    // The types of postgres.js lack it.
    password: pass as unknown as string | undefined,
    ssl: tlsOf(ssl),
    ...Object.fromEntries(sharedSettings.map((name) => [name, settings[name]])),
  };
}

/**
 * The version of the server, read over a connection of its own.
 *
 * @throws the error of PostgreSQL or the network when it does not answer
 */
export async function fetchVersion(address: Address): Promise<string> {
  const client = new pg.Client({
    ...address,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: connectTimeoutMs,
  });
  // The query reports the failure; a second error of the connection adds nothing.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    return rows[0]?.version ?? '';
  } finally {
    // Not awaited: a server that does not answer does not close the connection either.
    void client.end().catch(() => {});
  }
}

// Private:

/** Settings in a URL that node-postgres knows by the same names. */
const sharedSettings = ['application_name', 'options'] as const;

/** `require` encrypts without verifying the certificate, as in libpq. */
function tlsOf(ssl: postgres.Sql['options']['ssl']): Address['ssl'] {
  if (typeof ssl === 'object') return ssl;
  if (!ssl || ssl === 'allow' || ssl === 'prefer') return false;
  return { rejectUnauthorized: ssl === 'verify-full' };
}
