/**
 * Merges equal selections of documents. `{ a { x } a { y } a { x } }` means `{ a { x y } }` and takes
 * no more work: fields with the same response name, arguments and directives become one field with
 * the selections of all, and so do fragments.
 */
import {
  Kind,
  type ArgumentNode,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

export interface Merging {
  /** The document itself if it has no equal selections. */
  document: DocumentNode;
  /**
   * Whether a response has its fields in the same order as one of the original document. If not, the
   * merged document serves for analysis, but not for execution.
   */
  keepsOrder: boolean;
}

/** Takes time linear in the length of the document: fragments are not followed. */
export function mergingOf(document: DocumentNode): Merging {
  let merging = known.get(document);
  if (!merging) {
    const merger = new Merger();
    const definitions = document.definitions.map((definition) =>
      'selectionSet' in definition
        ? withSet(definition, merger.merged([definition.selectionSet]))
        : definition,
    );
    const isSame = definitions.every((each, i) => each === document.definitions[i]);
    merging = {
      document: isSame ? document : withDefinitions(document, definitions),
      keepsOrder: merger.keepsOrder,
    };
    known.set(document, merging);
    known.set(merging.document, { document: merging.document, keepsOrder: true });
  }
  return merging;
}

/** The key of a selection within its set: everything but its own selections. */
export function keyOf(selection: SelectionNode): string {
  const directives = (selection.directives ?? []).map(directiveKey).join('');
  if (selection.kind === Kind.FRAGMENT_SPREAD) return `...${selection.name.value}${directives}`;
  if (selection.kind === Kind.INLINE_FRAGMENT) {
    return `...{${selection.typeCondition?.name.value ?? ''}${directives}`;
  }
  const shape = selection.selectionSet ? '{' : '';
  return `${nameOf(selection)}:${selection.name.value}${argumentsKey(selection.arguments)}${directives}${shape}`;
}

/** The key of arguments, regardless of the order of arguments and of fields of objects. */
export const argumentsKey = (given: readonly ArgumentNode[] = []): string =>
  given.length
    ? `(${given
        .map(({ name, value }) => `${name.value}:${valueKey(value)}`)
        .sort()
        .join()})`
    : '';

// Private:

/** Copies of a document lose the parser's token count, which is not enumerable. */
const withDefinitions = (
  document: DocumentNode,
  definitions: readonly DefinitionNode[],
): DocumentNode => {
  const { tokenCount } = document;
  return { ...document, definitions, ...(tokenCount !== undefined && { tokenCount }) };
};

const known = new WeakMap<DocumentNode, Merging>();

/** A selection, and the selection sets of all that are equal to it. */
interface Kept {
  selection: SelectionNode;
  sets: SelectionSetNode[];
  /** Its index. */
  at: number;
}

class Merger {
  keepsOrder = true;

  merged(sets: readonly SelectionSetNode[]): SelectionSetNode {
    const kept = new Map<string, Kept>();
    /** The index of the last fragment, and of the last field of each response name. */
    const last = new Map<string, number>();
    let count = 0;
    for (const set of sets) {
      for (const selection of set.selections) {
        count++;
        const key = keyOf(selection);
        const name = nameOf(selection);
        const below = selection.kind === Kind.FRAGMENT_SPREAD ? undefined : selection.selectionSet;
        const equal = kept.get(key);
        if (!equal) {
          last.set(name, kept.size);
          kept.set(key, { selection, sets: below ? [below] : [], at: kept.size });
        } else if (below) {
          // A selection in between may contain the same field, and would come first in the response.
          const between =
            name === fragment
              ? kept.size - 1
              : Math.max(last.get(name) ?? 0, last.get(fragment) ?? 0);
          if (between > equal.at) this.keepsOrder = false;
          equal.sets.push(below);
        }
      }
    }
    const selections = [...kept.values()].map(({ selection, sets: below }) =>
      below.length ? withSet(selection, this.merged(below)) : selection,
    );
    const [first] = sets as [SelectionSetNode];
    const isSame =
      sets.length === 1 &&
      count === selections.length &&
      selections.every((each, i) => each === first.selections[i]);
    return isSame ? first : { ...first, selections };
  }
}

/** The key of fragments among response names. */
const fragment = '...';

const nameOf = (selection: SelectionNode): string =>
  selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : fragment;

const withSet = <Node extends object>(node: Node, selectionSet: SelectionSetNode): Node =>
  (node as { selectionSet?: SelectionSetNode }).selectionSet === selectionSet
    ? node
    : { ...node, selectionSet };

const directiveKey = ({ name, arguments: given }: DirectiveNode): string =>
  `@${name.value}${argumentsKey(given)}`;

function valueKey(value: ValueNode): string {
  switch (value.kind) {
    case Kind.VARIABLE:
      return `$${value.name.value}`;
    case Kind.NULL:
      return 'null';
    case Kind.STRING:
      return JSON.stringify(value.value);
    case Kind.LIST:
      return `[${value.values.map(valueKey).join()}]`;
    case Kind.OBJECT:
      return `{${value.fields
        .map((field) => `${field.name.value}:${valueKey(field.value)}`)
        .sort()
        .join()}}`;
    default:
      return String(value.value);
  }
}
