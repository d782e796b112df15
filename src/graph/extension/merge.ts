/** Merges the types that an extension has built into a schema. */
import { rewireTypes } from '@graphql-tools/utils';
import {
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLSchema,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  type GraphQLNamedType,
} from 'graphql';

/**
 * The schema with the fields and the types of another, in which the types of the schema have only
 * the fields that are added to them.
 *
 * @throws Error for a field that exists already
 */
export function withAdded(schema: GraphQLSchema, added: GraphQLSchema): GraphQLSchema {
  const types: Record<string, GraphQLNamedType> = { ...schema.getTypeMap() };
  for (const [name, type] of Object.entries(added.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    const known = types[name];
    types[name] = known ? withFields(known, type) : type;
  }
  const { typeMap, directives } = rewireTypes(types, schema.getDirectives());
  const root = (type: GraphQLNamedType | null | undefined) =>
    type && (typeMap[type.name] as GraphQLObjectType);
  return new GraphQLSchema({
    ...schema.toConfig(),
    query: root(schema.getQueryType()),
    mutation: root(schema.getMutationType()),
    subscription: root(schema.getSubscriptionType()),
    types: Object.values(typeMap),
    directives,
  });
}

// Private:

function withFields(known: GraphQLNamedType, added: GraphQLNamedType): GraphQLNamedType {
  if (!hasFields(known) || !hasFields(added)) return known;
  const addedFields = added.toConfig().fields;
  const names = Object.keys(addedFields);
  if (!names.length) return known;
  const existing = known.toConfig().fields;
  const twice = names.find((name) => name in existing);
  if (twice !== undefined) throw new Error(`${known.name}.${twice} exists already`);
  const fields = { ...existing, ...addedFields };
  return isObjectType(known)
    ? new GraphQLObjectType({ ...known.toConfig(), fields })
    : new GraphQLInterfaceType({ ...known.toConfig(), fields });
}

const hasFields = (type: GraphQLNamedType): type is GraphQLObjectType | GraphQLInterfaceType =>
  isObjectType(type) || isInterfaceType(type);
