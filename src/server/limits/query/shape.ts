/** How deep and how broad a document is, which can be told without the schema. */
import {
  Kind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { DocumentLimits } from '../limits.js';

export type Shape = Omit<DocumentLimits, 'queryBytes' | 'tokens'>;

/**
 * Fragments count where they are spread, for the depth and the root fields; aliases, directives
 * and fragments as they are written. What lies below `__schema` and `__type` is deep by nature
 * and bounded by GraphQL's own rules, so its depth does not count.
 */
export function shapeOf(document: DocumentNode): Shape {
  const { nesting, ...counts } = countsOf(document);
  const extents = extentsIn(document);
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const all = operations.map(({ selectionSet }) => extents(selectionSet));
  return {
    ...counts,
    depth: Math.max(nesting, ...all.map(({ depth }) => depth)),
    rootFields: Math.max(0, ...all.map(({ fields }) => fields)),
  };
}

/**
 * How many selections an operation has where every fragment is written out at each of its spreads:
 * what that takes doubles with each fragment that spreads another twice.
 */
export function unrolledSizeOf(document: DocumentNode): number {
  const fragments = fragmentsOf(document);
  const known = new Map<string, number>();
  const sizeOf = (set: SelectionSetNode): number => {
    let size = 0;
    for (const selection of set.selections) {
      size++;
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        if (selection.selectionSet) size += sizeOf(selection.selectionSet);
        continue;
      }
      const name = selection.name.value;
      let below = known.get(name);
      if (below === undefined) {
        known.set(name, 0);
        const definition = fragments.get(name);
        known.set(name, (below = definition ? sizeOf(definition.selectionSet) : 0));
      }
      size += below;
    }
    return size;
  };
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  return Math.max(0, ...operations.map(({ selectionSet }) => sizeOf(selectionSet)));
}

// Private:

function countsOf(document: DocumentNode) {
  const counts = { aliases: 0, directives: 0, fragments: 0, nesting: 0 };
  let within = 0;
  const value = {
    enter: () => {
      counts.nesting = Math.max(counts.nesting, ++within);
    },
    leave: () => {
      within--;
    },
  };
  visit(document, {
    Field: ({ alias }) => {
      if (alias) counts.aliases++;
    },
    Directive: () => {
      counts.directives++;
    },
    FragmentDefinition: () => {
      counts.fragments++;
    },
    ListValue: value,
    ObjectValue: value,
    // A list in an argument's type nests as well.
    ListType: value,
  });
  return counts;
}

interface Extent {
  /** Levels of fields. */
  depth: number;
  /** Fields at the first level. */
  fields: number;
}

function extentsIn(document: DocumentNode): (set: SelectionSetNode) => Extent {
  const fragments = fragmentsOf(document);
  // Each fragment is measured once, however often it is spread: otherwise fragments that spread
  // others twice would take time that doubles with each.
  const known = new Map<string, Extent>();
  const extentOfFragment = (name: string): Extent => {
    let extent = known.get(name);
    if (!extent) {
      // One that spreads itself is for validation to refuse.
      known.set(name, nothing);
      const definition = fragments.get(name);
      extent = definition ? extentOf(definition.selectionSet) : nothing;
      known.set(name, extent);
    }
    return extent;
  };
  const extentOf = (set: SelectionSetNode): Extent => {
    let [depth, fields] = [0, 0];
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const { selectionSet, name } = selection;
        const below = selectionSet && !/^__(schema|type)$/.test(name.value);
        depth = Math.max(depth, 1 + (below ? extentOf(selectionSet).depth : 0));
        fields++;
      } else {
        const extent =
          selection.kind === Kind.INLINE_FRAGMENT
            ? extentOf(selection.selectionSet)
            : extentOfFragment(selection.name.value);
        depth = Math.max(depth, extent.depth);
        fields += extent.fields;
      }
    }
    return { depth, fields };
  };
  return extentOf;
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  return fragments;
}

const nothing: Extent = { depth: 0, fields: 0 };
