/**
 * The rules of the Relay server specification for object identification, connections and cursors,
 * held against the schema as it is printed.
 */
import { readFile } from 'node:fs/promises';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';

const schema = buildSchema(await readFile('schema.graphql', 'utf8'));
const composed = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType | GraphQLInterfaceType =>
    (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'),
);
const connections = composed.filter(({ name }) => name.endsWith('Connection'));
const lists = composed.flatMap((type) =>
  Object.values(type.getFields())
    .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
    .map((field) => [`${type.name}.${field.name}`, field] as const),
);

describe('by the Relay server specification', () => {
  it('a record is found again by its id, through the interface Node and the field node', () => {
    const node = schema.getType('Node');
    expect(isInterfaceType(node) && typesOf(node)).toEqual({ id: 'ID!' });
    const { node: root, nodes } = schema.getQueryType()?.getFields() ?? {};
    expect(String(root?.type)).toBe('Node');
    expect(argsOf(root)).toMatchObject({ id: 'ID!' });
    expect(required(root)).toEqual(['id']);
    expect(String(nodes?.type)).toBe('[Node]');
    expect(argsOf(nodes)).toMatchObject({ ids: '[ID!]!' });
    expect(required(nodes)).toEqual(['ids']);
  });

  it('whatever has an id is a Node', () => {
    const known = composed.filter((type) => type.getFields()['id'] && type.name !== 'Node');
    expect(known.length).toBeGreaterThan(10);
    const others = known.filter(
      (type) => !type.getInterfaces().some(({ name }) => name === 'Node'),
    );
    expect(others.map(({ name }) => name)).toEqual([]);
  });

  it('PageInfo has four fields, of these types', () => {
    expect(typesOf(schema.getType('PageInfo') as GraphQLObjectType)).toEqual({
      hasNextPage: 'Boolean!',
      hasPreviousPage: 'Boolean!',
      startCursor: 'String',
      endCursor: 'String',
    });
  });

  it.each(connections.map((type) => [type.name, type] as const))(
    '%s has edges, and says which page it is',
    (_name, type) => {
      expect(isObjectType(type)).toBe(true);
      const { edges, pageInfo } = type.getFields();
      expect(String(pageInfo?.type)).toBe('PageInfo!');
      expect(edges && isListType(getNullableType(edges.type))).toBe(true);
      expect(edges?.args).toEqual([]);
      const edge = getNamedType(edges?.type);
      expect(isObjectType(edge) && edge.name).toMatch(/Edge$/);
      const { node, cursor } = (edge as GraphQLObjectType).getFields();
      expect(String(cursor?.type)).toBe('String!');
      const item = node && getNullableType(node.type);
      expect(isLeafType(item) || isCompositeType(item)).toBe(true);
    },
  );

  it('no other type looks like a connection or an edge', () => {
    const edges = connections.map((type) => getNamedType(type.getFields()['edges']?.type)?.name);
    // An event of a subscription has a cursor too, from which the subscription is resumed.
    const events = Object.values(schema.getSubscriptionType()?.getFields() ?? {}).map(
      ({ type }) => getNamedType(type).name,
    );
    expect(events.length).toBeGreaterThan(0);
    for (const type of composed) {
      const fields = type.getFields();
      if (fields['pageInfo']) expect(connections).toContain(type);
      if (events.includes(type.name)) continue;
      if (fields['cursor'] || type.name.endsWith('Edge')) expect(edges).toContain(type.name);
    }
  });

  it('there are lists, and each connection is that of one', () => {
    expect(lists.length).toBeGreaterThan(50);
    const used = lists.map(([, field]) => getNamedType(field.type).name);
    for (const { name } of connections) expect(used).toContain(name);
  });

  it.each(lists)('%s takes pages from the beginning, and from the end', (name, field) => {
    const { first, after, last, before } = argsOf(field);
    expect({ first, after }).toEqual({ first: 'Int', after: 'String' });
    const none = { last: undefined, before: undefined };
    const expected = oneWay.includes(name) ? none : { last: 'Int', before: 'String' };
    expect({ last, before }).toEqual(expected);
  });
});

// Private:

/** Lists that go one way, which the specification allows: nobody asks for the worst of a search. */
const oneWay = ['Query.search'];

type Field = GraphQLField<unknown, unknown> | undefined;

const typesOf = (type: GraphQLObjectType | GraphQLInterfaceType): Record<string, string> =>
  Object.fromEntries(Object.values(type.getFields()).map(({ name, type }) => [name, String(type)]));

const argsOf = (field: Field): Record<string, string> =>
  Object.fromEntries((field?.args ?? []).map(({ name, type }) => [name, String(type)]));

const required = (field: Field): string[] =>
  (field?.args ?? []).filter(({ type }) => isNonNullType(type)).map(({ name }) => name);
