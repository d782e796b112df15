import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { mutate, mutationOf } from './support.js';

describeOnEachDatabase('a change', ({ open }) => {
  let base: KnowledgeBase;
  let changeId: string | undefined;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    const call = `batch(reason: "they met", operations: [
      { createPerson: { slug: "ann", name: "Ann" } }
      { createEvent: { slug: "talks", name: "Talks", kind: MEETING, participants: ["ann"] } }
      { updatePerson: { id: "ann", input: { description: "A baker" } } }])`;
    ({ changeId } = await mutate(base, mutationOf(call, 'BatchPayload { changeId }')));
  });
  const query = `{ person(slug: "ann") { history { nodes {
    number action reason recordType record { caption } author { name identity } importedBy fields { name before after }
    change { id at reason author { name identity } revisions(first: 2) {
      totalCount pageInfo { hasNextPage } nodes { recordType record { caption } number } } } } } } }`;

  it('is a Node, for editors', async () => {
    const node = `{ node(id: "${changeId}") { id ... on Change { reason revisions { totalCount } } } }`;
    expect((await base.executeAs('EDITOR', node)).data).toEqual({
      node: { id: changeId, reason: 'they met', revisions: { totalCount: 3 } },
    });
    expect((await base.execute(node)).data).toEqual({ node: null });
  });

  it('has one revision of each of its records, with author, reason and fields', async () => {
    const { data, errors } = await base.executeAs('EDITOR', query);
    expect(errors).toBeUndefined();
    const author = { name: 'editor', identity: 'app:editor' };
    const change = {
      id: changeId,
      at: expect.any(String) as unknown,
      reason: 'they met',
      author,
      revisions: {
        totalCount: 3,
        pageInfo: { hasNextPage: true },
        nodes: [
          { recordType: 'PERSON', record: { caption: 'Ann' }, number: 1 },
          { recordType: 'EVENT', record: { caption: 'Talks' }, number: 1 },
        ],
      },
    };
    expect(data).toMatchObject({
      person: {
        history: {
          nodes: [
            {
              number: 2,
              action: 'UPDATE',
              reason: 'they met',
              recordType: 'PERSON',
              record: { caption: 'Ann' },
              author,
              importedBy: null,
              fields: [{ name: 'description', before: null, after: 'A baker' }],
              change,
            },
            { number: 1, action: 'CREATE', change },
          ],
        },
      },
    });
  });

  it('is for editors', async () => {
    const { data, errors } = await base.execute(query);
    expect(data).toEqual({ person: { history: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
