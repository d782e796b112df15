/** API keys: shown once when created; only their hashes are stored. */
import { createHash, randomBytes } from 'node:crypto';
import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm';
import type { Database } from '../../database/database.js';
import { coalesce, literal, now } from '../../database/sql.js';
import { apiKey } from '../../database/tables/index.js';
import { faultOf, fitName, maxNameLength } from './author.js';
import type { Identity, Role } from './identity.js';

/** The prefix of keys, by which secret scanners recognize them. */
export const keyPrefix = 'chk_';

export interface ApiKeyRecord {
  id: string;
  name: string;
  role: Role;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

/**
 * @returns the key, which cannot be recovered later
 * @throws RangeError if the name is invalid
 */
export async function createApiKey(
  { db }: Database,
  { name, role, expiresAt = null }: { name: string; role: Role; expiresAt?: Date | null },
): Promise<{ id: string; key: string }> {
  const fault = faultOf(name, maxNameLength);
  if (fault !== undefined) throw new RangeError(`the name of the key ${fault}`);
  const key = `${keyPrefix}${randomBytes(32).toString('base64url')}`;
  const [row] = await db
    .insert(apiKey)
    .values({ name, role, hash: hashOf(key), expiresAt })
    .returning({ id: apiKey.id });
  if (!row) throw new Error('no key was created');
  return { id: row.id, key };
}

/** All keys, the oldest first. */
export const listApiKeys = async ({ db }: Database): Promise<ApiKeyRecord[]> =>
  db.select(columns).from(apiKey).orderBy(asc(apiKey.id));

/** @returns false if the key does not exist, or is revoked */
export async function revokeApiKey({ db }: Database, id: string): Promise<boolean> {
  const revoked = await db
    .update(apiKey)
    .set({ revokedAt: now() })
    .where(and(eq(apiKey.id, id), isNull(apiKey.revokedAt)))
    .returning({ id: apiKey.id });
  return revoked.length > 0;
}

/** The requester that a key authenticates, or the reason of its rejection. */
export async function identifyByKey(
  { db }: Database,
  key: string,
): Promise<Identity | { rejected: string }> {
  const [row] = await db
    .select({
      ...columns,
      isExpired: coalesce<boolean>(lte(apiKey.expiresAt, now()), literal(false)),
      isUseKnown: sql<boolean>`coalesce(not ${isUseUnknown}, false)`,
    })
    .from(apiKey)
    .where(eq(apiKey.hash, hashOf(key)));
  if (!row) return { rejected: 'the API key is unknown' };
  if (row.revokedAt) return { rejected: 'the API key was revoked' };
  if (row.isExpired) return { rejected: 'the API key has expired' };
  // Updated once a minute, so that most requests do not write.
  if (!row.isUseKnown) {
    await db
      .update(apiKey)
      .set({ lastUsedAt: now() })
      .where(and(eq(apiKey.id, row.id), isUseUnknown));
  }
  return { id: `key:${row.id}`, name: fitName(row.name), role: row.role };
}

// Private:

const columns = {
  id: apiKey.id,
  name: apiKey.name,
  role: apiKey.role,
  createdAt: apiKey.createdAt,
  expiresAt: apiKey.expiresAt,
  revokedAt: apiKey.revokedAt,
  lastUsedAt: apiKey.lastUsedAt,
};

const isUseUnknown = sql`(${apiKey.lastUsedAt} is null or ${apiKey.lastUsedAt} < now() - interval '1 minute')`;

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
