/**
 * Queries that between them make the server issue every kind of statement: each list, from
 * each parent, by each order in both directions, with each filter alone, from both ends and
 * behind a cursor; and each look-up.
 */
import {
  assertEnumType,
  assertInputObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';

export interface SchemaQuery {
  /** What it selects, for messages: `Organization.offices(filter: { kind: [LIAISON] })`. */
  title: string;
  query: string;
}

/** @param slugs A well-connected record of each type with slugs: `{ Organization: 'nato' }`. */
export function listQueries(schema: GraphQLSchema, slugs: Record<string, string>): SchemaQuery[] {
  const queries: SchemaQuery[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (!getNamedType(field.type).name.endsWith('Connection')) continue;
      if (forEditors.has(field.name)) continue;
      const around = parentQuery(schema, type.name, slugs);
      if (!around) continue;
      for (const args of argumentsOf(field, slugs)) {
        queries.push({
          title: `${type.name}.${field.name}(${args})`,
          query: around(`${field.name}${args && `(${args})`} { nodes { __typename } totalCount }`),
        });
      }
    }
  }
  return queries;
}

// Private:

/** Lists that readers are not permitted to query. */
const forEditors = new Set(['history', 'reviewQueue']);

/** How to get to a record of the type; undefined for types that no slug leads to. */
function parentQuery(
  schema: GraphQLSchema,
  type: string,
  slugs: Record<string, string>,
): ((selection: string) => string) | undefined {
  if (type === 'Query') return (selection) => `{ ${selection} }`;
  const bySlug = Object.values(schema.getQueryType()?.getFields() ?? {}).find(
    (field) =>
      getNamedType(field.type).name === type && field.args.some(({ name }) => name === 'slug'),
  );
  if (bySlug && slugs[type]) {
    return (selection) => `{ ${bySlug.name}(slug: "${slugs[type]}") { ${selection} } }`;
  }
  // Facts without a slug are reached through the first list of them.
  const list = Object.values(schema.getQueryType()?.getFields() ?? {}).find(
    (field) => getNamedType(field.type).name === `${type}Connection`,
  );
  if (list) {
    const args = [...requiredArguments(list, slugs), 'first: 3'].join(', ');
    return (selection) => `{ ${list.name}(${args}) { nodes { ${selection} } } }`;
  }
  if (type === 'DatedOfficeStatus') {
    return (selection) => `{ office(slug: "${slugs['Office']}") { statuses { ${selection} } } }`;
  }
  return undefined;
}

const requiredArguments = (
  field: GraphQLField<unknown, unknown>,
  slugs: Record<string, string>,
): string[] =>
  field.args
    .filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined)
    .map(({ name, type }) => `${name}: ${itemsOf(name, getNullableType(type), slugs)[0]}`);

function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  slugs: Record<string, string>,
): string[] {
  const argument = (name: string) => field.args.find((arg) => arg.name === name)?.type;
  const required = requiredArguments(field, slugs);
  const all = ['', 'first: 100', ...(argument('last') ? ['last: 5'] : [])];
  const orderBy = argument('orderBy');
  if (orderBy) {
    const order = assertInputObjectType(getNamedType(orderBy));
    const by = assertEnumType(getNamedType(order.getFields()['field']?.type));
    for (const { name } of by.getValues()) {
      for (const direction of ['ASC', 'DESC']) {
        all.push(`orderBy: { field: ${name}, direction: ${direction} }`);
      }
    }
  }
  const filter = argument('filter');
  if (filter) {
    const input = assertInputObjectType(getNamedType(filter));
    // A slug of another type is rejected.
    const own = { ...slugs, own: slugs[input.name.replace('Filter', '')] ?? '' };
    for (const { name, type } of Object.values(input.getFields())) {
      for (const value of valuesOf(name, type, own)) all.push(`filter: { ${name}: ${value} }`);
    }
  }
  return all.map((args) => [...required, args].filter(Boolean).join(', '));
}

/** Values of a filter's field: one, and several where it takes several. */
function valuesOf(name: string, type: GraphQLInputType, slugs: Record<string, string>): string[] {
  const inner = getNullableType(type);
  if (isListType(inner)) {
    const [one = '', other = one] = itemsOf(name, inner.ofType, slugs);
    return [`[${one}]`, `[${one}, ${other}]`];
  }
  const some = isInputObjectType(inner) && inner.getFields()['some'];
  if (some) {
    const fields = Object.values(assertInputObjectType(some.type).getFields());
    return fields.flatMap((field) =>
      valuesOf(field.name, field.type, slugs).map(
        (value) => `{ some: { ${field.name}: ${value} } }`,
      ),
    );
  }
  return itemsOf(name, inner, slugs).slice(0, 1);
}

function itemsOf(name: string, type: GraphQLInputType, slugs: Record<string, string>): string[] {
  const named = getNamedType(type);
  // Search does not find all types of records.
  if (named.name === 'RecordType') return ['ARTICLE', 'OFFICE'];
  if (isEnumType(named)) return named.getValues().map((value) => value.name);
  if (named.name === 'Near') return ['{ latitude: 48, longitude: 16, radiusKm: 50 }'];
  if (named.name === 'IdentifierFilter') {
    return ['{ scheme: "wikidata", value: "Q1" }', '{ scheme: "seat", value: "12", source: "x" }'];
  }
  if (named.name === 'URL') return ['"https://example.org/1"', '"https://example.org/2"'];
  if (isInputObjectType(named)) return ['{ from: "2010", to: "2012" }'];
  if (named.name === 'Boolean') return ['true'];
  if (named.name === 'PartialDate') return ['"2015-05"'];
  if (named.name === 'Locale') return ['"en"', '"fr"'];
  if (name === 'query') return ['"council fishing tariff"'];
  if (name === 'isoCode') return ['"JP"', '"US"'];
  const place = ['place', 'country', 'within', 'home'].includes(name);
  const person = ['person', 'speaker'].includes(name);
  const key = name === 'slug' ? 'own' : place ? 'Place' : person ? 'Person' : 'Organization';
  return [`"${slugs[key]}"`, `"${slugs[key]?.replace(/\d+$/, (n) => String(Number(n) + 1))}"`];
}
