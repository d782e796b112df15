/** Reading much of the knowledge base as it is at one moment. */
import { sql } from 'drizzle-orm';
import { readRows, type Database, type Queryable } from '../../database/database.js';

/** Something was written while much was read where no transaction may last that long. */
export class ChangedMeanwhile extends Error {
  override name = 'ChangedMeanwhile';

  constructor() {
    super(
      'the knowledge base was changed while it was read; run this again when nothing is written',
    );
  }
}

/**
 * Reads in one transaction that can only read, so that all is as it was when it began. Where the session is shared,
 * a long transaction would keep every request waiting; there it is found out afterwards whether
 * anything was written meanwhile.
 *
 * @param options.inTurns Whether statements of others may run between those of this.
 * @throws ChangedMeanwhile
 */
export async function inOneSnapshot<Result>(
  { db, sharesSession }: Database,
  read: (db: Queryable) => Promise<Result>,
  { inTurns = sharesSession ?? false } = {},
): Promise<Result> {
  if (!inTurns) {
    return db.transaction(read, { isolationLevel: 'repeatable read', accessMode: 'read only' });
  }
  const before = await lastChange(db);
  const result = await read(db);
  if ((await lastChange(db)) !== before) throw new ChangedMeanwhile();
  return result;
}

/** Does work of `atOneMoment` again when something was written meanwhile, a few times. */
export async function untilUnchanged<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let left = maxAttempts - 1; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || left === 0) throw error;
    }
  }
}

// Private:

const maxAttempts = 3;

/** Every change adds a revision, and erasing a tombstone. */
async function lastChange(db: Queryable): Promise<string> {
  const [row] = await readRows<{ last: string }>(
    db,
    sql`select concat_ws(' ',
      (select id from revision order by xid desc, id desc limit 1),
      (select id from erasure order by id desc limit 1)) as last`,
  );
  return row?.last ?? '';
}
