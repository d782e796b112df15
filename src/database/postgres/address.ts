/** Where a server is, for node-postgres, and whether it answers. */
import { dirname } from 'node:path';
import pg from 'pg';
import type postgres from 'postgres';

export type Address = pg.ClientConfig;

/** How long an attempt to reach a server may take, in milliseconds. */
const connectTimeoutMs = 3000;

/** The address as postgres.js has understood it. Of several hosts the first is taken. */
export function addressOf({ options }: Pick<postgres.Sql, 'options'>): Address {
  const { host, port, path, database, user, pass, ssl } = options;
  const settings = options.connection as Record<string, string | undefined>;
  return {
    host: path ? dirname(path) : host[0],
    port: port[0],
    database,
    user,
    // Its types say that there never is one.
    password: pass as unknown as string | undefined,
    ssl: tlsOf(ssl),
    ...Object.fromEntries(passedOn.map((name) => [name, settings[name]])),
  };
}

/**
 * Asks over a connection of its own for the version of the server.
 *
 * @throws what PostgreSQL or the network says when it does not answer
 */
export async function fetchVersion(address: Address): Promise<string> {
  const client = new pg.Client({
    ...address,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: connectTimeoutMs,
  });
  // What comes after an answer, or beside the failure of a query, tells nothing more.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    return rows[0]?.version ?? '';
  } finally {
    // Where the server does not answer, it does not say good-bye either.
    void client.end().catch(() => {});
  }
}

// Private:

/** Settings in an address that node-postgres takes by the same names. */
const passedOn = ['application_name', 'options'] as const;

/** `require` asks for encryption, not for proof of who answers, as in PostgreSQL's own client. */
function tlsOf(ssl: postgres.Sql['options']['ssl']): Address['ssl'] {
  if (typeof ssl === 'object') return ssl;
  if (!ssl || ssl === 'allow' || ssl === 'prefer') return false;
  return { rejectUnauthorized: ssl === 'verify-full' };
}
