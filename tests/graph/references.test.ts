import { beforeAll, expect, it } from 'vitest';
import { mutationOf, make, mutate } from '../curation/support.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('references', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.importDossier(`
      articles:
        - { slug: held, title: Held, body: "Acme hired Ann in May." }
        - { slug: unread, title: Unread }
      organizations: [{ slug: acme, name: Acme, kind: COMPANY }]
      people:
        - slug: ann
          name: Ann
          references:
            - { article: held, exact: hired Ann }
            - { article: unread, exact: Ann was hired }`);
  });

  it('return their kind, and the range of a passage as one object', async () => {
    const { data } = await base.execute(
      '{ person(slug: "ann") { references { nodes { kind exact range { start end } start end } } } }',
    );
    expect(data).toEqual({
      person: {
        references: {
          nodes: [
            {
              kind: 'PASSAGE',
              exact: 'hired Ann',
              range: { start: 5, end: 14 },
              start: 5,
              end: 14,
            },
            { kind: 'PASSAGE', exact: 'Ann was hired', range: null, start: null, end: null },
          ],
        },
      },
    });
  });

  it('are selected by kind: no entry of a source is there yet', async () => {
    const counts = async (filter: string) => {
      const { data } = await base.execute(
        `{ article(slug: "held") { citedBy(filter: ${filter}) { totalCount nodes { exact } } } }`,
      );
      return data?.['article'] as { citedBy: { totalCount: number } };
    };
    expect((await counts('{ kind: [PASSAGE] }')).citedBy.totalCount).toBe(1);
    expect((await counts('{ kind: [ENTRY, PASSAGE], verified: true }')).citedBy.totalCount).toBe(1);
    expect((await counts('{ kind: null }')).citedBy.totalCount).toBe(1);
    expect((await counts('{ kind: [ENTRY] }')).citedBy).toEqual({ totalCount: 0, nodes: [] });
    expect((await counts('{ kind: [] }')).citedBy.totalCount).toBe(0);
  });

  it('to a passage without its words are rejected, each with its place in the input', async () => {
    const required = { code: 'REQUIRED', message: '"exact" is required', nearest: [] };
    const payload = 'PersonPayload { changeId }';
    const call = `createPerson(input: { name: "Bob", references: [{ article: "held", exact: "Acme" },
      { article: "held" }, { article: "held", exact: null }] })`;
    expect((await mutate(base, mutationOf(call, payload))).issues).toEqual([
      { ...required, path: 'input.references[1].exact' },
      { ...required, path: 'input.references[2].exact' },
    ]);
    const { id } = await make(base, 'Person', '{ name: "Eve" }');
    const cite = (exact: string) =>
      mutate(
        base,
        mutationOf(
          `cite(input: { target: "${id}", article: "held"${exact} })`,
          'MutationPayload { changeId }',
        ),
      );
    for (const exact of ['', ', exact: null']) {
      expect((await cite(exact)).issues).toEqual([{ ...required, path: 'input.exact' }]);
    }
    expect(await cite(', exact: "in May"')).not.toHaveProperty('issues');
  });
});
