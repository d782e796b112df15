/** Every list of the schema, found in the schema itself, at a record where it has most items. */
import {
  assertCompositeType,
  assertInterfaceType,
  doTypesOverlap,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  getNullableType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { KnowledgeBase } from '../support/knowledgeBase.js';

export interface List {
  /** `Organization.offices` */
  title: string;
  /** Whether it can be read from its end as well. */
  isTwoWay: boolean;
  /** The fields that it can be ordered by. */
  orders: string[];
  total: number;
  read(args: string): Promise<ListPage>;
}

export interface ListPage {
  edges: { cursor: string; node: { __typename: string; id?: string } }[];
  nodes: { __typename: string; id?: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: number;
}

/** What arguments that must be given are. */
const given: Record<string, string> = { query: '"hub"', of: '"hub"' };

/** @returns the lists, and the titles of those to which no id leads */
export async function listsOf(
  schema: GraphQLSchema,
  base: KnowledgeBase,
): Promise<{ lists: List[]; unreached: string[] }> {
  const execute = async (query: string): Promise<Record<string, unknown>> => {
    const { data, errors } = await base.executeAs('EDITOR', query);
    if (errors || !data) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return data;
  };
  const types = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );
  const nodeOf = (field: Field): string => {
    const connection = getNamedType(field.type) as GraphQLObjectType;
    const node = assertCompositeType(getNamedType(connection.getFields()['nodes']?.type));
    const hasId = doTypesOverlap(schema, node, assertInterfaceType(schema.getType('Node')));
    return `__typename ${hasId ? '... on Node { id }' : ''}`;
  };
  const ids = await idsByType(types, nodeOf, execute);
  const lists: List[] = [];
  const unreached: string[] = [];
  for (const type of types) {
    for (const field of connectionsOf(type)) {
      const title = `${type.name}.${field.name}`;
      const known = [...(ids.get(type.name) ?? [])];
      if (type.name === 'Query') {
        lists.push(
          await listAt(title, field, nodeOf(field), (selection) => `{ ${selection} }`, execute),
        );
      } else if (known.length > 0) {
        const id = await richest(type, field, known, execute);
        const around = (selection: string) =>
          `{ node(id: "${id}") { ... on ${type.name} { ${selection} } } }`;
        lists.push(await listAt(title, field, nodeOf(field), around, execute));
      } else unreached.push(title);
    }
  }
  return { lists, unreached };
}

// Private:

type Execute = (query: string) => Promise<Record<string, unknown>>;
type Field = GraphQLField<unknown, unknown>;

const connectionsOf = (type: GraphQLObjectType): Field[] =>
  Object.values(type.getFields()).filter(({ type }) =>
    getNamedType(type).name.endsWith('Connection'),
  );

const argsOf = (field: Field, rest = ''): string => {
  const required = field.args
    .filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined)
    .map(({ name }) => `${name}: ${given[name]}`);
  const all = [...required, rest].filter(Boolean).join(', ');
  return all && `(${all})`;
};

/** Follows lists from record to record until there is a record of each type that has ids. */
async function idsByType(
  types: GraphQLObjectType[],
  nodeOf: (field: Field) => string,
  execute: Execute,
): Promise<Map<string, Set<string>>> {
  const ids = new Map<string, Set<string>>();
  const note = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(note);
    if (typeof value !== 'object' || value === null) return;
    const { __typename, id } = value as { __typename?: string; id?: string };
    if (__typename && id) {
      const known = ids.get(__typename) ?? new Set();
      ids.set(__typename, known.add(id));
    }
    Object.values(value).forEach(note);
  };
  const isNode = (type: GraphQLObjectType) =>
    type.getInterfaces().some(({ name }) => name === 'Node');
  const leads = (type: GraphQLObjectType): string[] => [
    ...connectionsOf(type).map(
      (field) => `${field.name}${argsOf(field, 'first: 20')} { nodes { ${nodeOf(field)} } }`,
    ),
    ...Object.values(type.getFields())
      .filter((field) => {
        const of = getNamedType(field.type);
        return (
          isListType(getNullableType(field.type)) &&
          isObjectType(of) &&
          isNode(of) &&
          field.args.every(({ type }) => !isNonNullType(type))
        );
      })
      .map(({ name }) => `${name} { __typename id }`),
  ];
  const query = types.find(({ name }) => name === 'Query');
  for (const lead of query ? leads(query) : []) note(await execute(`{ ${lead} }`));
  for (let before = 0; before < ids.size;) {
    before = ids.size;
    for (const type of types.filter(({ name }) => ids.has(name))) {
      const known = [...(ids.get(type.name) ?? [])].slice(0, 30);
      for (const lead of leads(type)) {
        note(
          await execute(
            `{ nodes(ids: ${JSON.stringify(known)}) { ... on ${type.name} { ${lead} } } }`,
          ),
        );
      }
    }
  }
  return ids;
}

/** The record whose list is the longest. */
async function richest(type: GraphQLObjectType, field: Field, ids: string[], execute: Execute) {
  const some = ids.slice(0, 100);
  const { nodes } = (await execute(
    `{ nodes(ids: ${JSON.stringify(some)}) { ... on ${type.name} { list: ${field.name}${argsOf(field, 'first: 0')} { totalCount } } } }`,
  )) as { nodes: { list?: { totalCount: number } | null }[] };
  const totals = nodes.map((node) => node.list?.totalCount ?? 0);
  return some[totals.indexOf(Math.max(...totals))];
}

async function listAt(
  title: string,
  field: Field,
  node: string,
  around: (selection: string) => string,
  execute: Execute,
): Promise<List> {
  const read = async (args: string): Promise<ListPage> => {
    const data = await execute(
      around(`list: ${field.name}${argsOf(field, args)} {
        edges { cursor node { ${node} } } nodes { ${node} }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }`),
    );
    return (data['list'] ?? (data['node'] as { list: unknown }).list) as ListPage;
  };
  const orderBy = field.args.find(({ name }) => name === 'orderBy');
  const order = orderBy && getNamedType(orderBy.type);
  const by = isInputObjectType(order) ? getNamedType(order.getFields()['field']?.type) : undefined;
  return {
    title,
    isTwoWay: field.args.some(({ name }) => name === 'last'),
    orders: isEnumType(by) ? by.getValues().map(({ name }) => name) : [],
    total: (await read('first: 100')).totalCount,
    read,
  };
}
