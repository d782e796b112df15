import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { readRows } from '../../src/database/database.js';
import { createChancery } from '../../src/chancery.js';
import { describeOnEachServer } from '../support/databases.js';
import { opened } from './support.js';
import { until } from '../support/waiting.js';

describeOnEachServer('a server that cannot open all its connections', ({ newDatabase }) => {
  it.each([1, 2, 3])('leaves none of the %i that it may have open', async (limit) => {
    const url = await newDatabase();
    const database = await opened(url);
    await database.migrate();
    const role = `limited_${limit}_${Date.now()}`;
    await database.db.execute(
      sql.raw(`create role ${role} login password 'x' connection limit ${limit}`),
    );
    await database.db.execute(sql.raw(`grant select on all tables in schema public to ${role}`));
    await database.db.execute(sql.raw(`grant usage on schema drizzle to ${role}`));
    await database.db.execute(sql.raw(`grant select on all tables in schema drizzle to ${role}`));
    const limited = new URL(url);
    limited.username = role;
    limited.password = 'x';
    const started = createChancery({
      database: { url: limited.href },
      poolSize: 4,
      migrate: false,
      waitSeconds: 0,
    });
    const open = async () =>
      (
        await readRows<{ count: number }>(
          database.db,
          sql`select count(*)::int as count from pg_stat_activity where usename = ${role}`,
        )
      )[0]?.count;
    const chancery = await started.catch(() => undefined);
    // Whether it starts depends on what it opens at once; then it closes all.
    await chancery?.close();
    await until(async () => (await open()) === 0);
    expect(await open()).toBe(0);
  });
});
