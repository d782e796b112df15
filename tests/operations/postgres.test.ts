import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/open.js';
import { readRows } from '../../src/database/database.js';
import { describeWithOwnServer, editorsKey, opened, served } from '../faults/support.js';
import { run, stop } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';
import { execute } from '../support/endpoint.js';
import { blockIn } from '../support/manual.js';

const creating = `mutation ($slug: String!) { createPerson(input: { slug: $slug, name: $slug }) {
  __typename ... on PersonPayload { person { name } } } }`;

describeOnEachServer('the role and the database of docs/operations.md', ({ newDatabase }) => {
  it('are all that a server needs: it makes its tables, answers, changes and audits', async () => {
    const server = await newDatabase();
    const name = `chancery_${randomBytes(4).toString('hex')}`;
    const block = await blockIn('docs/operations.md', 'create role');
    const statements = block.replaceAll(/\bchancery\b/g, name).split(';');
    for (const statement of statements.filter((each) => each.trim())) {
      await onServer(server, statement);
    }
    onTestFinished(async () => {
      await onServer(server, `drop database ${name} with (force)`);
      await onServer(server, `drop role ${name}`);
    });
    const url = Object.assign(new URL(server), { username: name, pathname: `/${name}` }).href;
    const { origin, process: child } = await served(url);
    const authorization = `Bearer ${await editorsKey(url)}`;
    const { body } = await execute(origin, creating, { slug: 'ann' }, { authorization });
    expect(body).toEqual({
      data: { createPerson: { __typename: 'PersonPayload', person: { name: 'ann' } } },
    });
    expect(await stop(child)).toBe(0);
    expect(await run(['audit'], { DATABASE_URL: url })).toMatchObject({ code: 0, stdout: '' });
    const { db } = await opened(url);
    expect(await readRows(db, sql`select rolsuper from pg_roles where rolname = ${name}`)).toEqual([
      { rolsuper: false },
    ]);
  });
});

describeWithOwnServer('a server on a replica', (own) => {
  it('answers who shows no key, and refuses what changes anything; the cache stays unused', async () => {
    const primary = await served(own().url);
    const authorization = `Bearer ${await editorsKey(own().url)}`;
    await stop(primary.process);
    await becomeReplica(own().url);
    await own().shutDown();
    await own().start();
    const { origin } = await served(own().url, { CHANCERY_WORKERS: '2' });
    const query = '{ organization(slug: "nato") { name } }';
    for (let i = 0; i < 5; i++) {
      const { body } = await execute(origin, query);
      expect(body).toEqual({ data: { organization: { name: 'NATO' } } });
    }
    // That a key was used is noted, which cannot be done here.
    for (const operation of [query, creating]) {
      expect(await execute(origin, operation, { slug: 'ann' }, { authorization })).toMatchObject({
        status: 503,
        code: 'SERVICE_UNAVAILABLE',
      });
    }
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    expect(metrics).toMatch(/^chancery_response_cache_hits_total 0$/m);
  });
});

// Private:

async function onServer(url: string, statement: string): Promise<void> {
  const database = await openDatabase({ url }, { poolSize: 1 });
  await database.db.execute(sql.raw(statement));
  await database.close();
}

/** Has a server follow a primary, of which it never hears, when it starts again. */
async function becomeReplica(url: string): Promise<void> {
  const { db } = await opened(url, { poolSize: 1 });
  const folder = sql`select current_setting('data_directory') as folder`;
  const [row] = await readRows<{ folder: string }>(db, folder);
  await db.execute(sql.raw(`copy (select '') to '${row?.folder}/standby.signal'`));
}
