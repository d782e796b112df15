import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { make, mutate, mutationOf, type Result } from './support.js';

describeOnEachDatabase('`expectedRevision`', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.importDossier(`
      organizations: [{ slug: acme, name: Acme, kind: COMPANY }, { slug: union, name: Union, kind: ALLIANCE }]
      people: [{ slug: ann, name: Ann }]
      articles: [{ slug: news, title: News, body: The bureau opened. }]`);
  });
  const edit = (call: string): Promise<Result> =>
    mutate(base, mutationOf(call, 'MutationPayload { record { revision } }'));

  it.each([
    [
      'Position',
      'person: "ann", organization: "acme", title: "Chair", kind: OTHER, start: "2020"',
      'end: "2021"',
    ],
    [
      'Membership',
      'member: "acme", organization: "union", role: MEMBER, start: "2020"',
      'end: "2021"',
    ],
    [
      'Statement',
      'article: "news", speaker: "ann", kind: INDIRECT, text: "It opened."',
      'saidOn: "2021"',
    ],
  ])('of an upserted %s is that of the fact that is there', async (type, fact, change) => {
    const upsert = (input: string, revision: number) =>
      edit(`upsert${type}(input: { ${input} }, expectedRevision: ${revision})`);
    expect(await upsert(fact, 3)).toMatchObject({ __typename: 'NotFoundError', path: 'input' });
    expect(await upsert(fact, 0)).toMatchObject({ record: { revision: 1 } });
    expect(await upsert(`${fact}, ${change}`, 0)).toMatchObject({
      __typename: 'ConflictError',
      revision: 1,
    });
    expect(await upsert(`${fact}, ${change}`, 2)).toMatchObject({
      __typename: 'ConflictError',
      revision: 1,
    });
    expect(await upsert(`${fact}, ${change}`, 1)).toMatchObject({ record: { revision: 2 } });
  });

  it('of a record that is not there is an error, and nothing is created', async () => {
    expect(
      await edit('upsertPerson(input: { slug: "cy", name: "Cy" }, expectedRevision: 5)'),
    ).toMatchObject({ __typename: 'NotFoundError' });
    expect(await base.execute('{ person(slug: "cy") { name } }')).toEqual({
      data: { person: null },
    });
  });

  it('of a citation for a status is that of the office', async () => {
    const { statuses } = await make<{ statuses: { id: string }[] }>(
      base,
      'Office',
      '{ name: "Bureau", kind: FIELD, organization: "acme", statuses: [{ status: OPEN, start: "2020" }] }',
      { fields: 'statuses { id }' },
    );
    const cite = (revision: number) =>
      edit(
        `cite(input: { target: "${statuses[0]?.id}", article: "news", exact: "The bureau opened" }, expectedRevision: ${revision})`,
      );
    expect(await cite(7)).toMatchObject({ __typename: 'ConflictError', revision: 1 });
    expect(await cite(1)).toMatchObject({ record: { revision: 2 } });
  });
});
