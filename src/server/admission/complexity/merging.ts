/**
 * Documents in which equal selections stand once. `{ a { x } a { y } a { x } }` asks for the same
 * as `{ a { x y } }`, and takes no more work: fields with the same name in the answer, arguments
 * and directives are one field with the selections of all, and so it is with fragments.
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
  /** The document itself where nothing in it is equal. */
  document: DocumentNode;
  /**
   * Whether an answer to it has its fields in the same order as an answer to what was merged.
   * Where not, it does for all that is told of a document, but not for answering.
   */
  keepsOrder: boolean;
}

/** Linear in the length of the document: fragments are not followed. */
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

/** What tells a selection from others of its set: all but what is selected below it. */
export function keyOf(selection: SelectionNode): string {
  const directives = (selection.directives ?? []).map(directiveKey).join('');
  if (selection.kind === Kind.FRAGMENT_SPREAD) return `...${selection.name.value}${directives}`;
  if (selection.kind === Kind.INLINE_FRAGMENT) {
    return `...{${selection.typeCondition?.name.value ?? ''}${directives}`;
  }
  const shape = selection.selectionSet ? '{' : '';
  return `${nameOf(selection)}:${selection.name.value}${argumentsKey(selection.arguments)}${directives}${shape}`;
}

/** Tells arguments apart, in whichever order they and the fields of objects are written. */
export const argumentsKey = (given: readonly ArgumentNode[] = []): string =>
  given.length
    ? `(${given
        .map(({ name, value }) => `${name.value}:${valueKey(value)}`)
        .sort()
        .join()})`
    : '';

// Private:

/** The parser hides how many tokens it has read from copies. */
const withDefinitions = (
  document: DocumentNode,
  definitions: readonly DefinitionNode[],
): DocumentNode => {
  const { tokenCount } = document;
  return { ...document, definitions, ...(tokenCount !== undefined && { tokenCount }) };
};

const known = new WeakMap<DocumentNode, Merging>();

/** A selection that is kept, and the sets of all that are equal to it. */
interface Kept {
  selection: SelectionNode;
  sets: SelectionSetNode[];
  /** Where it stands. */
  at: number;
}

class Merger {
  keepsOrder = true;

  merged(sets: readonly SelectionSetNode[]): SelectionSetNode {
    const kept = new Map<string, Kept>();
    /** Where the last fragment stands, and the last field of each name in the answer. */
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
          // What stands in between may select the same, and would be answered first.
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

/** Stands for any fragment where fields have their names. */
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
