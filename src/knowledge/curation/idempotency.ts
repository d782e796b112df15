/** Changes by their idempotency keys: a second change with a key returns the outcome of the first. */
import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { idempotentRequest } from '../../database/tables/index.js';
import type { Author } from '../auth/author.js';
import { invalid } from '../validation/editErrors.js';
import type { Change, Edit } from './edit.js';

/** What distinguishes the edits of a change from those of another. */
export const fingerprintOf = (edits: readonly Edit[]): string =>
  createHash('sha256').update(JSON.stringify(edits)).digest('hex');

/**
 * The change that the author has made with this key.
 *
 * @throws InvalidEdit if it had other edits
 */
export async function earlierChange(
  tx: Queryable,
  { identity }: Author,
  key: string,
  fingerprint: string,
): Promise<Change | undefined> {
  const [earlier] = await tx
    .select()
    .from(idempotentRequest)
    .where(and(eq(idempotentRequest.identity, identity), eq(idempotentRequest.key, key)));
  if (!earlier) return undefined;
  if (earlier.fingerprint === fingerprint) return earlier.outcome as Change;
  const message = 'was used for another change: use a new key for each change';
  throw invalid('idempotencyKey', 'DUPLICATE', message);
}

/** Stores the outcome of a change, and removes those that have expired. */
export async function storeChange(
  tx: Queryable,
  { identity }: Author,
  key: string,
  fingerprint: string,
  change: Change,
): Promise<void> {
  await tx.insert(idempotentRequest).values({ identity, key, fingerprint, outcome: change });
  await tx.execute(
    sql`delete from ${idempotentRequest} where at < now() - interval '${sql.raw(keysAreKept)}'`,
  );
}

// Private:

/** How long idempotency keys are kept. */
const keysAreKept = '1 day';
