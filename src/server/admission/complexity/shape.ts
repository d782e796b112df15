/** The depth and breadth of a document, computed without the schema. */
import {
  Kind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { DocumentLimits } from '../limits.js';
import { keyOf } from './merging.js';

export type Shape = Omit<DocumentLimits, 'queryBytes' | 'tokens'>;

/**
 * The shape of a document with equal selections merged; see `mergingOf`. For depth and root fields,
 * fragments count where they are spread; aliases, directives and fragments count as written.
 * Introspection is deep by nature and limited by GraphQL's own rules, so its depth does not count.
 */
export function shapeOf(document: DocumentNode): Shape {
  const { nesting, ...counts } = countsOf(document);
  const fragments = fragmentsOf(document);
  const depthOf = depthsIn(fragments);
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const depths = operations.map(({ selectionSet }) => depthOf(selectionSet));
  return {
    ...counts,
    depth: Math.max(nesting, ...depths),
    rootFields: Math.max(0, ...operations.map((each) => rootFieldsOf(each, fragments))),
  };
}

/**
 * The number of selections of an operation with all fragments inlined, which doubles with each
 * fragment that spreads another twice.
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
    // List types of variables nest as well.
    ListType: value,
  });
  return counts;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** The number of different root fields of an operation, those of fragments included. */
function rootFieldsOf({ selectionSet }: OperationDefinitionNode, fragments: Fragments): number {
  const fields = new Set<string>();
  const spread = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields.add(keyOf(selection));
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const definition = fragments.get(selection.name.value);
        if (definition) collect(definition.selectionSet);
      }
    }
  };
  collect(selectionSet);
  return fields.size;
}

/** The depth of a selection in levels of fields. */
function depthsIn(fragments: Fragments): (set: SelectionSetNode) => number {
  // Each fragment is measured once: otherwise fragments that spread others twice would take
  // exponential time.
  const known = new Map<string, number>();
  const depthOfFragment = (name: string): number => {
    let depth = known.get(name);
    if (depth === undefined) {
      // Validation rejects a fragment that spreads itself.
      known.set(name, 0);
      const definition = fragments.get(name);
      depth = definition ? depthOf(definition.selectionSet) : 0;
      known.set(name, depth);
    }
    return depth;
  };
  const depthOf = (set: SelectionSetNode): number => {
    let maxDepth = 0;
    for (const selection of set.selections) {
      let depth;
      if (selection.kind === Kind.FIELD) {
        const { selectionSet, name } = selection;
        const below = selectionSet && !/^__(schema|type)$/.test(name.value);
        depth = 1 + (below ? depthOf(selectionSet) : 0);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) depth = depthOf(selection.selectionSet);
      else depth = depthOfFragment(selection.name.value);
      maxDepth = Math.max(maxDepth, depth);
    }
    return maxDepth;
  };
  return depthOf;
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  return fragments;
}
