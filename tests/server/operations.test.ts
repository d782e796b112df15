import { beforeAll, expect, it } from 'vitest';
import { fillWithSample } from '../../src/knowledge/exchange/dossier/sample.js';
import { readerExamples } from '../../src/server/http/graphiql/examples.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

/** What is easily different between the interpreter and compiled code. */
const queries: { query: string; variables: Record<string, unknown> }[] = [
  ...readerExamples.map(({ query }) => ({ query, variables: {} })),
  ...[
    '{ __typename organization(slug: "nato") { __typename } }',
    '{ node(id: "nonsense") { id } }',
    '{ a: organization(slug: "nato") { name } b: organization(slug: "quad") { name ...F } } fragment F on Organization { kind home { name } }',
    '{ organization(slug: "nato") { offices(first: 500) { nodes { name } } name } }',
    '{ statements(first: 3) { nodes { speaker { __typename ... on Person { name birthDate } ... on Organization { kind } } about { __typename ... on Place { isoCode } } } } }',
    '{ organization(slug: "nato") { createdAt names { name kind language } coordinates: home { coordinates { latitude } } } }',
    '{ entity(slug: "nobody") { name } }',
    '{ offices(filter: { accreditedTo: [] }) { totalCount nodes { name } } }',
    '{ offices { edges { cursor node { id name } } pageInfo { startCursor endCursor hasNextPage } } }',
  ].map((query) => ({ query, variables: {} })),
  ...[true, false].map((yes) => ({
    query:
      'query ($yes: Boolean!) { organization(slug: "nato") { name @include(if: $yes) kind @skip(if: $yes) } }',
    variables: { yes },
  })),
  { query: 'query ($slug: String!) { organization(slug: $slug) { name } }', variables: {} },
  {
    query: 'query ($slug: String!) { organization(slug: $slug) { name } }',
    variables: { slug: 7 },
  },
  {
    query: 'query ($asOf: PartialDate) { offices(filter: { asOf: $asOf }) { totalCount } }',
    variables: { asOf: '2023-13' },
  },
];

const named = [
  { operationName: 'A', expected: { data: { organization: { name: 'NATO' } } } },
  { operationName: 'B', expected: { data: { organization: { name: 'Quad' } } } },
];

describeOnEachDatabase('compiled queries', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    const database = await open();
    await fillWithSample(database);
    base = knowledgeBase(database);
  });

  it('are the operation that is named', async () => {
    const query = `query A { organization(slug: "nato") { name } }
      query B { organization(slug: "quad") { name } }`;
    for (let i = 0; i < 4; i++) {
      for (const { operationName, expected } of named) {
        expect(await base.execute(query, {}, operationName)).toEqual(expected);
      }
    }
    const { errors } = await base.execute(query);
    expect(errors?.[0]?.message).toBe('Could not determine what operation to execute.');
  });

  for (const { query, variables } of queries) {
    it(`answer as interpreted ones do: ${query.replace(/\s+/g, ' ').slice(0, 80)} ${JSON.stringify(variables)}`, async () => {
      // The first two times a query is interpreted, from then on compiled.
      const answers = [];
      for (let i = 0; i < 4; i++) answers.push(await base.execute(query, variables));
      expect(answers[2]).toEqual(answers[0]);
      expect(answers[3]).toEqual(answers[0]);
    });
  }
});
