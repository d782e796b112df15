/** Queries that between them select every field of every type that queries lead to. */
import {
  getNamedType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

export interface FieldQuery {
  /** `Reference.article` */
  field: string;
  /** The name of the type of the field. */
  type: string;
  query: string;
}

/**
 * Each field of each type once, with all plain fields of what it leads to.
 *
 * @param values The values of required arguments, in GraphQL: by field and argument, `Query.article.slug`, or
 *   by the argument alone.
 * @throws Error for an argument without a value
 */
export function everyField(
  schema: GraphQLSchema,
  root: GraphQLObjectType,
  values: Readonly<Record<string, string>>,
): FieldQuery[] {
  const call = (type: string, { name, args }: Field): string => {
    const given = args.filter(isRequiredArgument).map((argument) => {
      const value =
        values[`${type}.${name}.${argument.name}`] ??
        values[argument.name] ??
        firstValue(argument.type);
      if (value === undefined) {
        throw new Error(`no value for the argument ${type}.${name}.${argument.name}`);
      }
      return `${argument.name}: ${value}`;
    });
    return given.length > 0 ? `${name}(${given.join(', ')})` : name;
  };

  /** The plain fields of a type; of an abstract one those of each type that it may be. */
  const plain = (type: GraphQLNamedType): string => {
    if (isLeafType(type)) return '';
    if (isUnionType(type) || isInterfaceType(type)) {
      const parts = schema.getPossibleTypes(type).map((each) => {
        const fields = leaves(each).map(
          (field) => `${each.name}_${field.name}: ${call(each.name, field)}`,
        );
        return `... on ${each.name} { __typename ${fields.join(' ')} }`;
      });
      return `{ __typename ${parts.join(' ')} }`;
    }
    return `{ __typename ${leaves(type as GraphQLObjectType)
      .map((field) => call(type.name, field))
      .join(' ')} }`;
  };

  const queries: FieldQuery[] = [];
  const keyword = root === schema.getSubscriptionType() ? 'subscription' : 'query';
  /** Types that are reached, each with what stands around its selection. */
  const reached = new Map<string, (selection: string) => string>([
    [root.name, (selection) => `${keyword} { ${selection} }`],
  ]);
  const abstractly = new Map<string, (selection: string) => string>();
  for (const [name, around] of reached) {
    const type = schema.getType(name) as GraphQLObjectType;
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type);
      const called = call(name, field);
      queries.push({
        field: `${name}.${field.name}`,
        type: target.name,
        query: around(`${called} ${plain(target)}`),
      });
      if (isObjectType(target) && !reached.has(target.name)) {
        reached.set(target.name, (selection) => around(`${called} { ${selection} }`));
      }
      for (const object of possibleTypes(schema, target)) {
        if (abstractly.has(object.name)) continue;
        abstractly.set(object.name, (selection) =>
          around(`${called} { ... on ${object.name} { ${selection} } }`),
        );
      }
    }
    // Through a field of an abstract type only what no other field leads to: records vary there.
    if (name !== [...reached.keys()].at(-1)) continue;
    for (const [object, path] of abstractly) if (!reached.has(object)) reached.set(object, path);
  }
  return queries;
}

// Private:

type Field = GraphQLField<unknown, unknown>;

const leaves = (type: GraphQLObjectType): Field[] =>
  Object.values(type.getFields()).filter(({ type: of }) => isLeafType(getNamedType(of)));

const possibleTypes = (schema: GraphQLSchema, type: GraphQLNamedType) =>
  isUnionType(type) || isInterfaceType(type) ? schema.getPossibleTypes(type) : [];

/** Of an enum its first value, in a list where one is wanted. */
function firstValue(type: Field['args'][number]['type']): string | undefined {
  if (isNonNullType(type)) return firstValue(type.ofType);
  if (isListType(type)) {
    const item = firstValue(type.ofType);
    return item && `[${item}]`;
  }
  return isEnumType(type) ? type.getValues()[0]?.name : undefined;
}
