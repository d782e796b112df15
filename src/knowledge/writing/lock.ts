/** The lock that makes writers take turns. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { literal } from '../../database/sql.js';

/** Of all advisory locks in a database, the one that writers hold ("writ" in ASCII). */
const writingLock = 0x77726974;

/** Waits until no other writer is at work; held until the transaction ends. */
export const lockWriting = async (tx: Queryable): Promise<void> =>
  void (await tx.execute(sql`select pg_advisory_xact_lock(${literal(writingLock)})`));

/**
 * As `lockWriting`, but beside others who share the lock, for those who can begin anew: two of
 * them may both make what only one can have, and then the second fails.
 */
export const shareWriting = async (tx: Queryable): Promise<void> =>
  void (await tx.execute(sql`select pg_advisory_xact_lock_shared(${literal(writingLock)})`));
