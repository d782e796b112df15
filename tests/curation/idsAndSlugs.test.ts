import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { make, mutate, mutationOf, type Result } from './support.js';

describeOnEachDatabase('records that mutations name', ({ open }) => {
  let base: KnowledgeBase;
  let ann: string;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    ({ id: ann } = await make(base, 'Person', '{ name: "Ann" }'));
    await make(base, 'Person', '{ name: "Ben" }');
    await make(base, 'Organization', '{ name: "Acme", kind: COMPANY }');
    await make(base, 'Organization', '{ name: "Talks", kind: COMPANY }');
    await make(base, 'Event', '{ name: "Talks", kind: MEETING }');
    await make(base, 'Article', '{ title: "News", body: "Ann joined Acme in May." }');
  });
  const edit = (
    call: string,
    payload = 'MutationPayload { record { caption } }',
  ): Promise<Result> => mutate(base, mutationOf(call, payload));
  const issuesOf = async (call: string) => {
    const result = await edit(call);
    expect(result, JSON.stringify(result)).toMatchObject({ __typename: 'ValidationError' });
    return result.issues?.map(({ code, path }) => ({ code, path }));
  };
  const person = 'PersonPayload { person { slug description } }';

  it('may be named by slug wherever they may be by id', async () => {
    expect(
      await edit('updatePerson(id: "ann", input: { description: "A baker" })', person),
    ).toMatchObject({ person: { slug: 'ann', description: 'A baker' } });
    const post = await make<{ id: string }>(
      base,
      'Position',
      `{ person: "${ann}", organization: "acme", title: "Baker", kind: OTHER }`,
      { fields: 'id' },
    );
    const cite = (target: string) =>
      edit(`cite(input: { target: "${target}", article: "news", exact: "Ann joined Acme" })`);
    expect(await cite('ann')).toMatchObject({ record: { caption: 'Ann' } });
    expect(await cite(post.id)).toMatchObject({ record: { caption: 'Baker' } });
    expect(await edit('revert(id: "ann", toRevision: 1)')).toMatchObject({
      __typename: 'RecordPayload',
    });
    expect(await edit('delete(id: "news", reason: "x")')).toMatchObject({ record: null });
    expect(await edit('restore(id: "news")')).toMatchObject({ record: { caption: 'News' } });
    expect(
      await edit('merge(from: "ben", into: "ann")', 'MergePayload { record { caption } }'),
    ).toMatchObject({ record: { caption: 'Ann' } });
  });

  it('include a merged record by its own slug, which is not that of the other one', async () => {
    expect(await issuesOf('delete(id: "ben", reason: "x")')).toEqual([
      { code: 'WRONG_STATE', path: 'id' },
    ]);
  });

  it('are unknown, of another type or ambiguous, which an issue says at the argument', async () => {
    expect(await issuesOf('updatePerson(id: "nobody", input: { name: "x" })')).toEqual([
      { code: 'UNKNOWN_RECORD', path: 'id' },
    ]);
    const wrong = await edit('updatePerson(id: "acme", input: { name: "x" })');
    expect(wrong.issues).toEqual([
      {
        code: 'WRONG_TYPE',
        path: 'id',
        message: '"acme" is an organization, but a person is needed here',
        nearest: [],
      },
    ]);
    expect(await issuesOf('delete(id: "talks", reason: "x")')).toEqual([
      { code: 'AMBIGUOUS', path: 'id' },
    ]);
    expect(await edit('updateEvent(id: "talks", input: { description: "d" })')).toMatchObject({
      __typename: 'EventPayload',
    });
    expect(await issuesOf('updatePosition(id: "ann", input: { title: "x" })')).toEqual([
      { code: 'INVALID_ID', path: 'id' },
    ]);
  });

  it('are malformed or of another type in fields of an input, all of which are listed', async () => {
    const input = `{ person: "${ann}", organization: "${ann}", title: "x", kind: OTHER,
      references: [{ article: "ART_zzz", exact: "Ann" }] }`;
    expect(await issuesOf(`createPosition(input: ${input})`)).toEqual([
      { code: 'WRONG_TYPE', path: 'input.organization' },
      { code: 'INVALID_ID', path: 'input.references[0].article' },
    ]);
    const none = `ART_${Buffer.alloc(16).toString('base64url')}`;
    expect(
      await issuesOf(
        `createPerson(input: { name: "X", references: [{ article: "${none}", exact: "x" }] })`,
      ),
    ).toEqual([{ code: 'UNKNOWN_RECORD', path: 'input.references[0].article' }]);
  });

  it('do not take the results of other mutations with them where their ids are malformed', async () => {
    const { data, errors } = await base.executeAs(
      'EDITOR',
      `mutation {
        a: createPerson(input: { name: "Cy" }) { ... on PersonPayload { changeId person { slug } } }
        b: updatePerson(id: "PER_bad", input: { name: "x" }) { ... on ValidationError { issues { code path } } }
        c: withdraw(id: "bad") { ... on ValidationError { issues { code path } } }
        d: undo(changeId: "bad") { ... on ValidationError { issues { code path } } }
      }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      a: { changeId: expect.any(String) as unknown, person: { slug: 'cy' } },
      b: { issues: [{ code: 'INVALID_ID', path: 'id' }] },
      c: { issues: [{ code: 'INVALID_ID', path: 'id' }] },
      d: { issues: [{ code: 'INVALID_ID', path: 'changeId' }] },
    });
  });

  it('suggest what was meant: the passage of the article, the name of the field', async () => {
    const nearestOf = async (words: string) =>
      (await edit(`cite(input: { target: "ann", article: "news", ${words} })`)).issues?.map(
        ({ code, path, nearest }) => ({ code, path, nearest }),
      );
    expect(await nearestOf('exact: "Ann joins Acme"')).toEqual([
      { code: 'NOT_IN_ARTICLE', path: 'input.exact', nearest: ['Ann joined Acme'] },
    ]);
    expect(await nearestOf('exact: "Ann", field: "birthdate"')).toMatchObject([
      { code: 'INVALID_VALUE', path: 'input.field', nearest: ['birthDate', 'deathDate'] },
    ]);
  });

  it('have coordinates, identifiers and references in the form of the input, also in issues', async () => {
    const place = (input: string) =>
      issuesOf(`createPlace(input: { name: "Here", kind: CITY, ${input} })`);
    expect(await place('coordinates: { latitude: 91, longitude: 1 }')).toEqual([
      { code: 'OUT_OF_RANGE', path: 'input.coordinates.latitude' },
    ]);
    expect(
      await place(
        'identifiers: [{ scheme: "local", value: "1" }, { scheme: "wikidata", value: "" }]',
      ),
    ).toEqual([{ code: expect.any(String) as unknown, path: 'input.identifiers[1]' }]);
    const made = await edit(
      'createPlace(input: { name: "Here", kind: CITY, coordinates: { latitude: 9, longitude: 1 } })',
      'PlacePayload { place { coordinates { latitude longitude } } }',
    );
    expect(made).toMatchObject({ place: { coordinates: { latitude: 9, longitude: 1 } } });
    expect(
      await issuesOf(
        'updatePlace(id: "here", input: { coordinates: null, addReferences: [{ article: "news", exact: "nothing of it" }] })',
      ),
    ).toEqual([{ code: 'NOT_IN_ARTICLE', path: 'input.addReferences[0].exact' }]);
    expect(
      await edit(
        'updatePlace(id: "here", input: { coordinates: null })',
        'PlacePayload { place { coordinates { latitude } } }',
      ),
    ).toMatchObject({ place: { coordinates: null } });
    expect(
      await issuesOf(
        'updateArticle(id: "news", input: { mentions: [{ entity: "acme", names: ["ACME Inc"] }] })',
      ),
    ).toEqual([{ code: 'NOT_IN_ARTICLE', path: 'input.mentions[0]' }]);
  });
});
