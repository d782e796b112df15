import { sql } from 'drizzle-orm';
import { isNonNullType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { createSchema } from '../../src/graph/schema.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describe('the fields of Query, Mutation and Subscription', () => {
  it('are nullable, so that a failure of one leaves the others', () => {
    const schema = createSchema();
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}));
    expect(fields.length).toBeGreaterThan(60);
    expect(fields.filter(({ type }) => isNonNullType(type)).map(({ name }) => name)).toEqual([]);
  });
});

describeOnEachDatabase('a query in which one root field fails', ({ open }) => {
  let base: KnowledgeBase;
  let database: Database;
  let id: string;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    await base.importDossier(`
      organizations: [{ slug: nato, name: NATO, kind: ALLIANCE }]
      people: [{ slug: ann, name: Ann }]`);
    const { data } = await base.execute('{ organization(slug: "nato") { id } }');
    ({ id } = data?.['organization'] as { id: string });
  });

  it.each([
    ['a page that is too large', 'statements(first: 500) { totalCount }', 'statements'],
    ['a malformed id', 'node(id: "bad") { id }', 'node'],
    ['a cursor of another list', 'people(after: "x") { nodes { id } }', 'people'],
    [
      'an id of another type',
      'path(from: "ART_AZAAAAAAcACAAAAAAAAAAQ", to: "nato") { length }',
      'path',
    ],
    ['a field for editors', 'reviewQueue { totalCount }', 'reviewQueue'],
    ['a search without words', 'search(query: "nato", first: -1) { totalCount }', 'search'],
  ])('returns the other fields beside %s', async (_what, failing, name) => {
    // Twice and more: repeated queries are compiled.
    for (let i = 0; i < 4; i++) {
      const { data, errors } = await base.execute(
        `{ organization(slug: "nato") { name } ${failing} organizations { totalCount } }`,
      );
      expect(data).toEqual({
        organization: { name: 'NATO' },
        [name]: null,
        organizations: { totalCount: 1 },
      });
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.path).toEqual([name]);
    }
  });

  it('returns the records of the other ids beside a malformed one', async () => {
    for (let i = 0; i < 4; i++) {
      const { data, errors } = await base.execute(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
        {
          ids: [id, 'bad', 'ORG_AZAAAAAAcACAAAAAAAAAAQ'],
        },
      );
      expect(data).toEqual({ nodes: [{ id }, null, null] });
      expect(errors).toMatchObject([
        { path: ['nodes', 1], extensions: { code: 'BAD_USER_INPUT', argument: 'ids' } },
      ]);
    }
  });

  it('returns what was read beside what the database was too slow for', async () => {
    const { db } = database;
    await db.execute(sql`alter table person rename to hidden_person`);
    await db.execute(sql`
      create function too_slow() returns boolean language plpgsql as
      $$ begin raise exception 'canceling statement' using errcode = 'query_canceled'; end $$`);
    await db.execute(sql`create view person as select * from hidden_person where too_slow()`);
    const late = 'person(slug: "ann") { birthDate }';
    for (let i = 0; i < 4; i++) {
      const { data, errors } = await base.execute(
        `{ organization(slug: "nato") { name } ${late} }`,
      );
      expect(data).toEqual({ organization: { name: 'NATO' }, person: null });
      expect(errors).toMatchObject([{ path: ['person'], extensions: { code: 'TIMEOUT' } }]);
      expect(errors?.[0]?.extensions).not.toHaveProperty('http');
    }
    const { data, errors } = await base.execute(`{ ${late} again: ${late} }`);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
  });
});
