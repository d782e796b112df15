/** Queries that between them read every field of every record, whatever types are added. */
import {
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** @param moment Selects what was known then. */
export function everyList(schema: GraphQLSchema, moment?: string): string[] {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  return fields.flatMap((field) => {
    const connection = getNamedType(field.type);
    if (!isObjectType(connection) || !connection.name.endsWith('Connection')) return [];
    if (field.args.some(isNonNullArgument)) return [];
    const node = connection.getFields()['nodes'];
    if (!node) return [];
    const takes = (name: string) => field.args.some((argument) => argument.name === name);
    if (moment !== undefined && field.name === 'reviewQueue') return [];
    const past = moment === undefined ? '' : `query @asKnownAt(time: "${moment}") `;
    const args = takes('first') ? '(first: 30)' : '';
    const type = getNamedType(node.type);
    const groups = partsOf(type, 1);
    return groups.map((part) => `${past}{ ${field.name}${args} { nodes { ${part} } } }`);
  });
}

// Private:

const isNonNullArgument = ({ type }: { type: unknown }) => isNonNullType(type);

/** One selection with all plain fields, and one for each field that leads on. */
function partsOf(type: GraphQLNamedType, depth: number): string[] {
  if (!isObjectType(type) && !isInterfaceType(type)) return ['__typename'];
  const fields = Object.values(type.getFields()).filter(
    ({ args }: GraphQLField<unknown, unknown>) => !args.some(isNonNullArgument),
  );
  const plain = ['__typename', ...fields.flatMap((field) => (isPlain(field) ? field.name : []))];
  if (depth === 0) return [plain.join(' ')];
  const further = fields
    .filter((field) => !isPlain(field))
    .map((field) => {
      const inner = getNamedType(field.type);
      const nodes = isObjectType(inner) ? inner.getFields()['nodes'] : undefined;
      const [selection = '__typename'] = partsOf(nodes ? getNamedType(nodes.type) : inner, 0);
      return `${field.name} { ${nodes ? `nodes { ${selection} }` : selection} }`;
    });
  return [plain.join(' '), ...further];
}

function isPlain({ type }: GraphQLField<unknown, unknown>): boolean {
  const nullable = getNullableType(type);
  return isLeafType(getNamedType(isListType(nullable) ? nullable.ofType : nullable));
}
