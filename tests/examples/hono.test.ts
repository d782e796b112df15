import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChancery, type Chancery } from 'chancery';
import { createApp } from '../../examples/hono/app.ts';
import { inMemory } from '../support/inMemory.js';

describe('a Hono app with the knowledge base beside its own routes', () => {
  let chancery: Chancery;
  beforeAll(async () => {
    chancery = await createChancery({ database: await inMemory(), sample: true });
  });
  afterAll(() => chancery.close());

  it('answers queries at /graphql', async () => {
    const response = await createApp(chancery).request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ organization(slug: "quad") { members { totalCount } } }' }),
    });
    expect(await response.json()).toEqual({
      data: { organization: { members: { totalCount: 4 } } },
    });
  });

  it('answers its own routes, from the same knowledge', async () => {
    const app = createApp(chancery);
    expect(await (await app.request('/')).text()).toContain('/graphql');
    expect(await (await app.request('/people/jens-stoltenberg')).json()).toEqual({
      name: 'Jens Stoltenberg',
    });
    expect((await app.request('/people/nobody')).status).toBe(404);
  });

  it('lets go of the database, and may be told so twice', async () => {
    const other = await createChancery({ database: await inMemory() });
    await other.close();
    await other.close();
    await expect(other.database.ping()).rejects.toThrow();
  });
});
