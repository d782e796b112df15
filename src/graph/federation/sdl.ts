/** The schema as a subgraph of Apollo Federation 2, in SDL. */
import {
  Kind,
  parse,
  print,
  printSchema,
  visit,
  type ConstDirectiveNode,
  type GraphQLSchema,
} from 'graphql';
import { hasSlug, nodeTypes } from '../relay/node.js';

/**
 * The SDL of a schema to which nothing of federation was added, with the keys of its types and
 * without `node` and `nodes`; see docs/decisions/31-federation.md.
 */
export function subgraphSdl(schema: GraphQLSchema): string {
  const document = visit(parse(printSchema(schema), { noLocation: true }), {
    FieldDefinition: ({ name }, _key, _parent, _path, ancestors) => {
      const above = ancestors.at(-1);
      const isOfQuery =
        above !== undefined && 'kind' in above && above.kind === Kind.OBJECT_TYPE_DEFINITION;
      return isOfQuery && above.name.value === 'Query' && omittedFields.has(name.value)
        ? null
        : undefined;
    },
    ObjectTypeDefinition: {
      leave: (node) => ({ ...node, directives: directivesOf(node.name.value) }),
    },
  });
  return `${declarations}\n\n${print(document)}\n`;
}

// Private:

const declarations = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

directive @oneOf on INPUT_OBJECT`;

const omittedFields = new Set(['node', 'nodes']);

const keyed = new Map(
  nodeTypes.map((type) => [
    type as string,
    [
      ...directives('@key(fields: "id")'),
      ...(hasSlug(type) ? directives('@key(fields: "slug")') : []),
    ],
  ]),
);

/** Every subgraph with connections has the type `PageInfo`. */
const shared = new Map([['PageInfo', directives('@shareable')]]);

const directivesOf = (type: string): readonly ConstDirectiveNode[] =>
  keyed.get(type) ?? shared.get(type) ?? [];

function directives(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`scalar Any ${text}`, { noLocation: true }).definitions;
  return definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : [];
}
