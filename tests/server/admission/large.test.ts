import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createChancery, type Chancery } from '../../../src/chancery.js';
import { describeOnEachServer } from '../../support/databases.js';
import { inMemory } from '../../support/inMemory.js';

const small = '{ organization(slug: "nato") { name } }';
/** Its tables are not those of the small one. */
const large = (i: number) => `{ articles(first: 100) { nodes { title a${i}: id } } }`;

async function execute(chancery: Chancery, query: string) {
  const response = await chancery.fetch(
    new Request('http://test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }),
  );
  const body = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return { status: response.status, code: body.errors?.[0]?.extensions.code };
}

describeOnEachServer('a large request', ({ newDatabase }) => {
  it('has connections and turns of its own: small ones do not wait behind it', async () => {
    const database = { url: await newDatabase() };
    const chancery = await createChancery({
      ...{ database, poolSize: 1, sample: true, cacheMegabytes: 0 },
      limits: { largeCost: 50, largeRunning: 100, largeWaiting: 1, running: 1, seconds: 30 },
    });
    onTestFinished(() => chancery.close());
    const other = await createChancery({ database, cacheMegabytes: 0 });
    onTestFinished(() => other.close());
    let pending: ReturnType<typeof execute>[] = [];
    await other.database.db.transaction(async (tx) => {
      await tx.execute('lock table article in access exclusive mode');
      const { admission } = chancery.executor;
      // What costs more than may run at a time runs alone; the next waits; the third may not.
      pending = [execute(chancery, large(1))];
      await expect.poll(() => admission.running).toBe(1);
      pending.push(execute(chancery, large(2)));
      await expect.poll(() => admission.waiting).toBe(1);
      expect(await execute(chancery, large(3))).toEqual({ status: 503, code: 'OVERLOADED' });
      expect((await execute(chancery, small)).status).toBe(200);
      expect(admission.waiting).toBe(1);
    });
    for (const { status } of await Promise.all(pending)) expect(status).toBe(200);
  });
});

describe('the statements of a large request', () => {
  let chancery: Chancery;
  let statements = 0;
  /** How many statements it takes to answer these at once. */
  const countFor = async (...queries: string[]): Promise<number> => {
    statements = 0;
    for (const { status } of await Promise.all(queries.map((each) => execute(chancery, each)))) {
      expect(status).toBe(200);
    }
    return statements;
  };
  beforeAll(async () => {
    chancery = await createChancery({
      ...{ database: await inMemory(), sample: true, cacheMegabytes: 0 },
      limits: { largeCost: 500 },
      onStatement: () => statements++,
    });
    const numbers = Array.from({ length: 240 }, (_, i) => i);
    const places = numbers.map((i) => ({ slug: `place-${i}`, name: `Place ${i}`, kind: 'CITY' }));
    const offices = numbers.map((i) => ({
      ...{ slug: `office-${i}`, name: `Office ${i}`, kind: 'FIELD', organization: `org-${i % 80}` },
      place: `place-${i}`,
    }));
    const organizations = numbers
      .slice(0, 80)
      .map((i) => ({ slug: `org-${i}`, name: `Org ${i}`, kind: 'OTHER' }));
    const text = JSON.stringify({ places, organizations, offices });
    await chancery.importDossier({ name: 'test', text });
    return () => chancery.close();
  });

  const places = (first: number) =>
    `{ organizations(first: ${first}) { nodes { offices(first: 3) { nodes { place { name } } } } } }`;

  it('are not those of small ones that select the same at the same time', async () => {
    const [a, b] = [small, small.replace('name', 'name slug')];
    const one = await countFor(a);
    expect(await countFor(a, a, b)).toBeLessThan(3 * one);
    const alike = `${a.slice(0, -1)} ${places(80).slice(1)}`;
    const alone = await countFor(alike);
    expect(await countFor(a, alike)).toBe(one + alone);
  });

  it('fetch a hundred at a time, where those of others fetch all at once', async () => {
    // 1 + 8 × as many objects; with 20 organizations at most 60 places, with the others far over a hundred.
    const few = await countFor(places(20));
    expect(await countFor(places(60))).toBe(few);
    expect(await countFor(places(80))).toBeGreaterThan(few);
  });
});
