/** The advisory lock that serializes writers. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { literal } from '../../database/sql.js';

/** The key of the advisory lock of writers ("writ" in ASCII). */
const writingLock = 0x77726974;

/** Waits for the exclusive lock of writers, held until the transaction ends. */
export const lockWriting = async (tx: Queryable): Promise<void> =>
  void (await tx.execute(sql`select pg_advisory_xact_lock(${literal(writingLock)})`));

/**
 * Waits for the shared lock of writers. Two transactions that hold it may create the same unique
 * key; the second fails then and has to be retried.
 */
export const shareWriting = async (tx: Queryable): Promise<void> =>
  void (await tx.execute(sql`select pg_advisory_xact_lock_shared(${literal(writingLock)})`));
