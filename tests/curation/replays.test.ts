import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { readRows, type Database } from '../../src/database/database.js';
import { openDatabase } from '../../src/database/open.js';
import { curate } from '../../src/knowledge/curation/curate.js';
import { RevisionEvents } from '../../src/knowledge/history/revisionEvents.js';
import { describeOnEachDatabase, describeOnEachServer } from '../support/databases.js';
import { openEvents } from '../support/events.js';
import { execute } from '../support/endpoint.js';
import { served } from '../faults/support.js';
import type { RevisionEvent } from '../../src/knowledge/history/revisionPages.js';

const author = { identity: 'cli:test', actor: 'test', reason: null };

const makePerson = (database: Database, name: string) =>
  curate(
    database,
    [{ kind: 'create', recordType: 'people', fields: { name }, isDraft: false }],
    author,
  );

/** A person with a long history. Returns the id of the first event of it. */
async function manyRevisions(database: Database, count: number): Promise<string> {
  await makePerson(database, 'Busy');
  await database.db.execute(
    sql`insert into revision (id, actor, action, entity_id, changes)
      select gen_random_uuid(), 'me', 'UPDATE', e.id, '{}' from entity e, generate_series(1, ${count}::int)
      where e.slug = 'busy'`,
  );
  const [first] = await readRows<{ id: string }>(
    database.db,
    sql`select xid::text || '-' || id as id from revision order by xid, id limit 1`,
  );
  return first?.id ?? '';
}

async function receive(events: AsyncGenerator<RevisionEvent[]>, count: number): Promise<number> {
  let received = 0;
  while (received < count) {
    const next = await events.next();
    if (next.done === true) break;
    received += next.value.length;
  }
  return received;
}

describeOnEachDatabase('events of before', ({ open }) => {
  it('are paid for before they are looked through, page by page', async () => {
    const database = await open();
    const after = await manyRevisions(database, 1200);
    const events = new RevisionEvents(database);
    const paid: number[] = [];
    const pay = (count: number) => Promise.resolve(void paid.push(count));
    expect(await receive(await events.listen(after, { pay }), 1200)).toBe(1200);
    expect(paid).toEqual([500, 500, 500]);
    // What happens from now on is looked at by all who listen, and costs none of them.
    paid.length = 0;
    const live = await events.listen(undefined, { pay });
    await makePerson(database, 'New');
    expect(await receive(live, 1)).toBe(1);
    expect(paid).toEqual([]);
    // What is kept is paid for, too, when it was before.
    const again = await events.listen(after, { pay });
    expect(await receive(again, 1201)).toBe(1201);
    expect(paid.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(1200);
    await events.close();
  });

  it('are not read for a listener that has gone, or that has no points left', async () => {
    const statements: string[] = [];
    const database = await open({ onStatement: (text) => statements.push(text) });
    const after = await manyRevisions(database, 1200);
    const events = new RevisionEvents(database);
    const controller = new AbortController();
    const pages = () => statements.filter((text) => text.includes('"isHeldUp"')).length;
    const listening = await events.listen(after, {
      signal: controller.signal,
      pay: () =>
        pages() > 0 ? new Promise((resolve) => setTimeout(resolve, 1)) : Promise.resolve(),
    });
    await listening.next();
    const read = pages();
    controller.abort();
    expect(await listening.next()).toMatchObject({ done: true });
    expect(pages()).toBe(read);
    await events.close();
  });
});

describeOnEachServer('looking through events of before', ({ newDatabase }) => {
  it('takes points, also where none of them is wanted', async () => {
    const url = await newDatabase();
    const { origin } = await served(url, { CHANCERY_RATE_LIMIT: '100' });
    const database = await openDatabase({ url });
    const after = await manyRevisions(database, 3000);
    const remaining = async () => {
      const { body } = await execute(origin, '{ rateLimit { remaining } }');
      return (body.data as { rateLimit?: { remaining: number } } | null)?.rateLimit?.remaining ?? 0;
    };
    expect(await remaining()).toBeGreaterThan(90);
    const events = await openEvents(
      origin,
      `subscription { changed(recordType: [PLACE], after: "${after}") { cursor } }`,
    );
    await expect.poll(remaining).toBeLessThan(60);
    events.close();
    await database.close();
  });
});

describeOnEachServer('a transaction that is left open', ({ newDatabase }) => {
  it('in another database delays no event; in this one it does, and its age is reported', async () => {
    const [url, otherUrl] = [await newDatabase(), await newDatabase()];
    const [database, beside, other] = [
      await openDatabase({ url }),
      await openDatabase({ url }),
      await openDatabase({ url: otherUrl }),
    ];
    await database.migrate();
    const events = new RevisionEvents(database);
    const openIn = async ({ db }: Database) => {
      let end = (): void => {};
      const ended = new Promise<void>((resolve) => (end = resolve));
      let begun = (): void => {};
      const hasBegun = new Promise<void>((resolve) => (begun = resolve));
      const transaction = db.transaction(async (tx) => {
        await tx.execute(sql`select pg_current_xact_id()`);
        begun();
        await ended;
      });
      await hasBegun;
      return async () => {
        end();
        await transaction;
      };
    };
    const endElsewhere = await openIn(other);
    const listening = await events.listen();
    await makePerson(database, 'Told');
    expect(await receive(listening, 1)).toBe(1);
    expect(events.heldBackSeconds).toBe(0);

    // The server's role sees that without being a superuser.
    const [seen] = await database.db.transaction(async (tx) => {
      await tx.execute(sql`create role "plain-reader"`);
      await tx.execute(sql`set local role "plain-reader"`);
      const rows = await readRows<{ count: number }>(
        tx,
        sql`select count(*)::int as count from pg_stat_activity
          where backend_xid is not null and datname <> current_database()`,
      );
      await tx.execute(sql`reset role`);
      await tx.execute(sql`drop role "plain-reader"`);
      return rows;
    });
    expect(seen?.count).toBeGreaterThan(0);

    const endHere = await openIn(beside);
    await makePerson(database, 'Held');
    const next = listening.next();
    await expect.poll(() => events.heldBackSeconds).toBeGreaterThan(0);
    await endHere();
    expect((await next).value).toHaveLength(1);
    await expect.poll(() => events.heldBackSeconds).toBe(0);
    await endElsewhere();
    await events.close();
    await Promise.all([database, beside, other].map((each) => each.close()));
  });
});
