import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { openDatabase } from '../../src/database/open.js';
import { createChancery, type Chancery } from '../../src/chancery.js';

describe('createChancery on a database that is open', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ inMemory: true });
  });
  afterAll(() => database.close());

  it('applies migrations, answers, and leaves the database open when it closes', async () => {
    const chancery = await createChancery({ database, sample: true });
    expect(await nameOf(chancery)).toBe('NATO');
    await chancery.close();
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it('shares nothing but the database with another instance', async () => {
    const one = await createChancery({ database, migrate: false });
    const other = await createChancery({ database, migrate: false, limits: { rootFields: 1 } });
    expect(one.schema.getType('Query')).not.toBe(other.schema.getType('Query'));
    const query = '{ a: organization(slug: "nato") { slug } b: organization(slug: "eu") { slug } }';
    expect(await codeOf(one, query)).toBeUndefined();
    expect(await codeOf(other, query)).toBe('QUERY_TOO_COMPLEX');
    await one.close();
    expect(await nameOf(other)).toBe('NATO');
    await other.close();
  });
});

interface Reply {
  data?: { organization: { name: string } };
  errors?: { extensions?: { code?: string } }[];
}

async function execute(chancery: Chancery, query: string): Promise<Reply> {
  const response = await chancery.fetch(
    new Request('http://test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }),
  );
  return (await response.json()) as Reply;
}

const nameOf = async (chancery: Chancery): Promise<string | undefined> =>
  (await execute(chancery, '{ organization(slug: "nato") { name } }')).data?.organization.name;

const codeOf = async (chancery: Chancery, query: string): Promise<string | undefined> =>
  (await execute(chancery, query)).errors?.[0]?.extensions?.code;
