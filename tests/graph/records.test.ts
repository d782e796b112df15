import { GraphQLInterfaceType, GraphQLObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graph/schema.js';
import { fillWithSample } from '../../src/knowledge/exchange/dossier/sample.js';
import { recordTypeNames } from '../../src/knowledge/model/recordTypes.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describe('the interfaces of the schema', () => {
  const types = createSchema().getTypeMap();
  const interfacesOf = (name: string) => {
    const type = types[name];
    if (!(type instanceof GraphQLObjectType || type instanceof GraphQLInterfaceType)) {
      throw new Error(`${name} has no interfaces`);
    }
    return type.getInterfaces().map(({ name: each }) => each);
  };

  it.each(recordTypeNames)('make %s a Record', (name) => {
    expect(interfacesOf(name)).toEqual(expect.arrayContaining(['Node', 'Record']));
  });

  it('make what can be cited a Node, and what can speak an Entity', () => {
    expect(interfacesOf('Sourced')).toEqual(['Node']);
    expect(interfacesOf('Speaker')).toEqual(
      expect.arrayContaining(['Node', 'Record', 'Sourced', 'Entity']),
    );
  });
});

const line = 'fragment Line on Record { recordType caption publicationStatus createdAt updatedAt }';

interface Line {
  recordType: string;
  caption: string;
  publicationStatus: string;
  createdAt: string;
  updatedAt: string;
}

describeOnEachDatabase('a record of any type', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    const database = await open();
    await fillWithSample(database);
    base = knowledgeBase(database);
  });

  it.each([
    ['Organization', '{ organization(slug: "nato") { ...Line } }', 'NATO'],
    ['Person', '{ person(slug: "jens-stoltenberg") { ...Line } }', 'Jens Stoltenberg'],
    ['Place', '{ place(slug: "tokyo") { ...Line } }', 'Tokyo'],
    ['Office', '{ offices(first: 1) { nodes { ...Line name } } }', undefined],
    ['Article', '{ articles(first: 1) { nodes { ...Line title } } }', undefined],
    ['Event', '{ events(first: 1) { nodes { ...Line name } } }', undefined],
    ['Statement', '{ statements(first: 1) { nodes { ...Line text } } }', undefined],
    [
      'Position',
      '{ person(slug: "jens-stoltenberg") { positions(first: 1) { nodes { ...Line title } } } }',
      undefined,
    ],
    [
      'Membership',
      '{ organization(slug: "quad") { members(first: 1) { nodes { ...Line } } } }',
      'Member',
    ],
  ])('is described by one fragment: %s', async (name, query, caption) => {
    const { data, errors } = await base.execute(`${query} ${line}`);
    expect(errors).toBeUndefined();
    const found = firstLine(data) as Line & { name?: string; title?: string; text?: string };
    const { recordType, publicationStatus, createdAt, updatedAt } = found;
    expect(recordType).toBe(name.toUpperCase());
    expect(publicationStatus).toBe('PUBLISHED');
    expect(Date.parse(createdAt)).toBeLessThanOrEqual(Date.parse(updatedAt));
    const own = found.name ?? found.title ?? found.text ?? caption ?? '';
    expect(found.caption).toBe(own.length > 120 ? `${own.slice(0, 119).trimEnd()}…` : own);
    if (caption) expect(found.caption).toBe(caption);
  });

  it('is a line in search hits, timelines and paths', async () => {
    const { data, errors } = await base.execute(`{
      search(query: "stoltenberg japan", first: 10) { nodes { node { ...Line } } }
      timeline(of: "nato", first: 50) { nodes { kind record { ...Line } } }
      path(from: "yoshimasa-hayashi", to: "nato") { steps { fact { ...Line } } }
    } ${line}`);
    expect(errors).toBeUndefined();
    const { search, timeline, path } = data as {
      search: { nodes: { node: Line }[] };
      timeline: { nodes: { kind: string; record: Line }[] };
      path: { steps: { fact: Line }[] };
    };
    const lines = [
      ...search.nodes.map(({ node }) => node),
      ...timeline.nodes.map(({ record }) => record),
      ...path.steps.map(({ fact }) => fact),
    ];
    expect(lines.length).toBeGreaterThan(10);
    for (const { caption } of lines) expect(caption).not.toBe('');
    const statuses = timeline.nodes.filter(({ kind }) => kind === 'OFFICE_STATUS');
    expect(statuses.length).toBeGreaterThan(0);
    for (const { record } of statuses) expect(record.recordType).toBe('OFFICE');
  });

  it('has a speaker whose name needs no fragment', async () => {
    for (let i = 0; i < 4; i++) {
      const { data, errors } = await base.execute(
        `{ statements(filter: { speaker: ["jens-stoltenberg"] }, first: 1) { nodes {
             speaker { __typename name slug recordType statements(first: 1) { totalCount } ... on Person { birthDate } } } } }`,
      );
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({
        statements: {
          nodes: [
            {
              speaker: { __typename: 'Person', name: 'Jens Stoltenberg', slug: 'jens-stoltenberg' },
            },
          ],
        },
      });
    }
  });

  it('has references by one fragment on what can be cited', async () => {
    const { data, errors } = await base.execute(`{
      organization(slug: "nato") { ...Cited offices(first: 1) { nodes { ...Cited } } }
      statements(first: 1) { nodes { ...Cited } }
    } fragment Cited on Sourced { id references(filter: { verified: true }, first: 1) { totalCount nodes { exact } } }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      statements: { nodes: [{ references: { nodes: [{ exact: expect.any(String) as string }] } }] },
    });
  });
});

/** The innermost object with a `recordType`. */
function firstLine(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'recordType' in value) return value;
  return firstLine(Object.values(value)[0]);
}
