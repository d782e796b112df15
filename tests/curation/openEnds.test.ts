import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { make, mutate, mutationOf } from './support.js';

describeOnEachDatabase('".." in mutations', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.importDossier(`
      organizations: [{ slug: acme, name: Acme, kind: COMPANY }, { slug: union, name: Union, kind: ALLIANCE }]
      people: [{ slug: ann, name: Ann }]
      articles: [{ slug: news, title: News }]`);
  });

  it.each([
    [
      'Position',
      'person: "ann", organization: "acme", title: "Chair", kind: OTHER, start: "2020", end: ".."',
    ],
    ['Membership', 'member: "acme", organization: "union", role: MEMBER, start: "2020", end: ".."'],
    ['Event', 'name: "Talks", kind: MEETING, start: "2020", end: ".."'],
    ['Person', 'name: "Bob", birthDate: "1970", deathDate: ".."'],
    ['Place', 'name: "Here", kind: CITY, names: [{ name: "There", start: "2020", end: ".." }]'],
    [
      'Office',
      'name: "Bureau", kind: FIELD, organization: "acme", statuses: [{ status: OPEN, start: "2020", end: ".." }]',
    ],
  ])('is accepted as the end in the input of a %s', async (type, input) => {
    expect(await make(base, type, `{ ${input} }`, { fields: 'id' })).toMatchObject({
      id: expect.any(String) as string,
    });
  });

  it.each([
    ['Person', 'name: "Cy", birthDate: ".."', 'birthDate'],
    ['Article', 'title: "More", publishedOn: ".."', 'publishedOn'],
    [
      'Statement',
      'article: "news", speaker: "ann", kind: INDIRECT, text: "So.", saidOn: ".."',
      'saidOn',
    ],
  ])('is rejected in the input of a %s: %s', async (type, input, field) => {
    const call = mutationOf(`create${type}(input: { ${input} })`, `${type}Payload { revision }`);
    expect((await mutate(base, call)).issues).toMatchObject([
      {
        path: `input.${field}`,
        message: expect.stringMatching(
          /".." is not a date: write 2023, 2023-05 or 2023-05-03/,
        ) as string,
      },
    ]);
  });
});
