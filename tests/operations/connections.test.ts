import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { createChancery } from 'chancery';
import { readRows } from '../../src/database/database.js';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { opened } from '../faults/support.js';
import { describeOnEachServer } from '../support/databases.js';

describeOnEachServer('the connections of four workers', ({ newDatabase }) => {
  it('are at most as many as docs/operations.md says, however much is asked', async () => {
    const url = await newDatabase();
    const other = await opened(url, { poolSize: 1 });
    const connections = async (): Promise<number> => {
      const [row] = await readRows<{ count: number }>(
        other.db,
        sql`select count(*)::int as count from pg_stat_activity
          where datname = current_database() and backend_type = 'client backend'`,
      );
      return row?.count ?? 0;
    };
    // One that counts, and one that holds the lock.
    const own = 2;
    const chancery = await createChancery({ database: { url }, limits: { seconds: 60 } });
    onTestFinished(() => chancery.close());
    const { key } = await createApiKey(chancery.database, { name: 'ann', role: 'EDITOR' });
    const execute = async (query: string, headers: Record<string, string> = {}) => {
      const response = await chancery.fetch(
        new Request('http://test/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ query }),
        }),
      );
      return (await response.json()) as { errors?: unknown };
    };
    const editor = { authorization: `Bearer ${key}` };
    const pending: ReturnType<typeof execute>[] = [];
    let most = 0;
    await other.db.transaction(async (tx) => {
      // Whatever is read or changed waits for this.
      await tx.execute(sql`lock table entity, event, article in access exclusive mode`);
      // One after the other, as what is asked at once shares a statement.
      for (let i = 0; i < 25; i++) {
        pending.push(execute(`{ organization(slug: "o${i}") { name } }`));
        pending.push(execute(large[i % large.length] ?? ''));
        // What editors read takes a transaction, since they see drafts.
        pending.push(execute(large[i % large.length] ?? '', editor));
        pending.push(
          execute(`mutation { createPerson(input: { name: "P${i}" }) { __typename } }`, editor),
        );
        await sleep(20);
      }
      // As many as there will be, once there are no more of them for a while.
      for (let seen = 0; seen < 20;) {
        const now = (await connections()) - own;
        seen = now > most ? 0 : seen + 1;
        most = Math.max(most, now);
        await sleep(50);
      }
    });
    for (const answer of await Promise.all(pending)) expect(answer).not.toHaveProperty('errors');
    const page = (await readFile('docs/operations.md', 'utf8')).replace(/\s+/g, ' ');
    const documented = /four workers of 10 take up to (\d+)/.exec(page)?.[1];
    expect(4 * most).toBeLessThanOrEqual(Number(documented));
    expect(await chancery.metrics.registry.metrics()).toMatch(
      `chancery_database_connections_max ${Number(documented) / 4}`,
    );
    expect(4 * most).toBeGreaterThan(0.9 * Number(documented));
  });
});

/** Large ones, each with a statement of its own. */
const large = ['organizations', 'people', 'events', 'articles'].map(
  (list) => `{ ${list}(first: 100) { nodes { statements(first: 10) { nodes { id } } } } }`,
);
