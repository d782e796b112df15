/**
 * Recognizes the introspection query of tools: `getIntrospectionQuery` of GraphQL.js with any
 * options, as GraphiQL, code generators and clients send it.
 */
import {
  getIntrospectionQuery,
  Kind,
  parse,
  print,
  type DocumentNode,
  type SelectionNode,
} from 'graphql';

/** The normalized text of a standard introspection query; undefined for other queries. */
export function standardIntrospection(document: DocumentNode): string | undefined {
  const known = keys.get(document);
  if (known !== undefined) return known ?? undefined;
  const key = keyOf(document);
  keys.set(document, key ?? null);
  return key;
}

// Private:

const keys = new WeakMap<DocumentNode, string | null>();

/** The texts of GraphQL.js by options, generated on demand, without names. */
const written = new Map<string, string>();

function keyOf(document: DocumentNode): string | undefined {
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || document.definitions.length !== 4) return;
  const [root, ...more] = operation.selectionSet.selections;
  if (more.length || root?.kind !== Kind.FIELD || root.name.value !== '__schema') return;
  const text = plain(document);
  const has = (word: string) => text.includes(word);
  const options = {
    descriptions: has('description'),
    specifiedByUrl: has('specifiedByURL'),
    directiveIsRepeatable: has('isRepeatable'),
    schemaDescription: (root.selectionSet?.selections ?? []).some(isDescription),
    inputValueDeprecation: /(args|inputFields)\(includeDeprecated: true\)/.test(text),
    oneOf: has('isOneOf'),
  };
  const name = JSON.stringify(options);
  let standard = written.get(name);
  if (standard === undefined) {
    standard = plain(parse(getIntrospectionQuery(options)));
    written.set(name, standard);
  }
  return text === standard || text === older(standard) ? text : undefined;
}

const isDescription = (selection: SelectionNode): boolean =>
  selection.kind === Kind.FIELD && selection.name.value === 'description';

/** Removes the operation's name and white space. */
const plain = (document: DocumentNode): string =>
  document.definitions
    .map((definition) => {
      const text = print(definition).replaceAll(/\s+/g, ' ');
      return definition.kind === Kind.OPERATION_DEFINITION
        ? text.replace(/^query \w* ?/, '')
        : text;
    })
    .join(' ');

const level = 'ofType { kind name ';

/** As before GraphQL.js 16.6, with two levels less of `ofType`. */
function older(text: string): string {
  const ordered = text.replaceAll('ofType { name kind ', level);
  const at = ordered.lastIndexOf(level + level);
  return at < 0
    ? ordered
    : (ordered.slice(0, at) + ordered.slice(at + 2 * level.length)).replace(/( \}){2}$/, '');
}
