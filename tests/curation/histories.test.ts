/** The histories of many records are read together, by an index. */
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { readRows } from '../../src/database/database.js';
import { readHistories } from '../../src/knowledge/history/state.js';
import { describeOnEachDatabase } from '../support/databases.js';

describeOnEachDatabase('the histories of records', ({ open }) => {
  it('come by record, each in its order, without going through all revisions', async () => {
    const statements: string[] = [];
    const database = await open({ onStatement: (statement) => void statements.push(statement) });
    const { db } = database;
    await db.execute(sql`insert into entity (id, type, slug, name, sort_name)
      select md5('person ' || n)::uuid, 'PERSON', 'person-' || n, 'Person', 'person' from generate_series(1, 2000) n`);
    await db.execute(sql`insert into revision (id, number, change_id, identity, actor, action, entity_id, changes)
      select gen_random_uuid(), r, gen_random_uuid(), 'test', 'test', 'UPDATE', md5('person ' || n)::uuid, '{}'
      from generate_series(1, 2000) n, generate_series(1, 6) r`);
    await db.execute(sql`analyze revision`);
    const people = await readRows<{ id: string }>(
      db,
      sql`select id from entity where slug in ('person-7', 'person-1999')`,
    );
    const [seven = '', other = ''] = people.map(({ id }) => id);
    const none = '00000000-0000-4000-8000-000000000000';
    const histories = await readHistories(db, [seven, none, other]);
    expect([...histories].map(([id, rows]) => [id, rows.map(({ number }) => number)])).toEqual([
      [seven, [1, 2, 3, 4, 5, 6]],
      [none, []],
      [other, [1, 2, 3, 4, 5, 6]],
    ]);
    const read = statements.at(-1)?.replace(/\$1/g, `'{${seven},${other}}'`) ?? '';
    const plan = JSON.stringify(await readRows(db, sql`explain ${sql.raw(read)}`));
    expect(plan).toContain('revision_number_key');
    expect(plan).not.toContain('Seq Scan');
  });
});
