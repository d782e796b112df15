import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('coordinates', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.importDossier(`
      organizations: [{ slug: acme, name: Acme, kind: ALLIANCE }]
      places: [{ slug: nowhere, name: Nowhere, kind: REGION }, { slug: here, name: Here, kind: CITY, latitude: 1, longitude: 0 }]
      offices: [{ slug: virtual, name: Virtual, kind: FIELD, organization: acme }]`);
  });

  it.each([
    ['place(slug: "here") { coordinates { latitude longitude } }', { latitude: 1, longitude: 0 }],
    ['place(slug: "nowhere") { coordinates { latitude longitude } }', null],
    ['place(slug: "nowhere") { slug name coordinates { longitude } }', null],
    ['office(slug: "virtual") { coordinates { latitude longitude } }', null],
    ['entity(slug: "virtual") { ... on Office { coordinates { latitude } } }', null],
  ])('are returned, or null where they are unknown: %s', async (field, coordinates) => {
    // The third time it is compiled.
    for (let i = 0; i < 4; i++) {
      const { data, errors } = await base.execute(`{ found: ${field} }`);
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ found: { coordinates } });
    }
  });
});
