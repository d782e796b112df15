/**
 * GraphQL's rule "Field Selection Merging": fields with the same response name must be mergeable.
 * GraphQL.js compares each pair, in quadratic time. Here the fields that a response would merge are
 * compared with the first of them, set by set, as described in
 * https://tech.new-work.se/graphql-overlapping-fields-can-be-merged-fast-ea6e92e0a01.
 */
import {
  getNamedType,
  GraphQLError,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  typeFromAST,
  type ASTVisitor,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { argumentsKey, keyOf } from './merging.js';

export interface OverlapLimits {
  /** The maximum number of different fields with one response name in a selection. */
  sameName: number;
  /** The maximum number of fields to compare. */
  fields: number;
}

/** A limit was exceeded, so that the rule cannot be checked. */
export class TooManyOverlaps extends Error {
  override name = 'TooManyOverlaps';
  readonly what: keyof OverlapLimits;
  readonly responseName: string;

  constructor(what: keyof OverlapLimits, responseName: string) {
    super(`too many fields named ${responseName}`);
    this.what = what;
    this.responseName = responseName;
  }
}

/** @throws TooManyOverlaps while it visits a document */
export const overlapsRule =
  (limits: OverlapLimits) =>
  (context: ValidationContext): ASTVisitor => {
    const overlaps = new Overlaps(context, limits);
    return {
      OperationDefinition({ operation, selectionSet }) {
        const type = context.getSchema().getRootType(operation) ?? undefined;
        overlaps.check({ node: selectionSet, type, above: undefined });
      },
      FragmentDefinition({ typeCondition, selectionSet }) {
        const type = context.getSchema().getType(typeCondition.name.value);
        overlaps.check({ node: selectionSet, type, above: undefined });
      },
    };
  };

// Private:

/** A selection of one type; `above` is its field, if others are merged with that. */
interface Part {
  node: SelectionSetNode;
  type: GraphQLNamedType | undefined;
  above: Found | undefined;
}

interface Found {
  name: string;
  node: FieldNode;
  /** The parent type. */
  parent: GraphQLNamedType | undefined;
  /** undefined if the type has no such field. */
  type: GraphQLOutputType | undefined;
  above: Found | undefined;
}

type Check = 'shapes' | 'fields';

class Overlaps {
  readonly #context: ValidationContext;
  readonly #limits: OverlapLimits;
  readonly #numbers = new Map<SelectionSetNode, number>();
  readonly #visited = new Set<string>();
  readonly #reported = new Set<FieldNode>();
  #count = 0;

  constructor(context: ValidationContext, limits: OverlapLimits) {
    this.#context = context;
    this.#limits = limits;
  }

  check(part: Part): void {
    this.#go('fields', [part]);
    this.#go('shapes', [part]);
  }

  // Private:

  /** Compares the selections that a response would merge, once. */
  #go(check: Check, parts: readonly Part[]): void {
    const key = `${check} ${[...new Set(parts.map(({ node }) => this.#numberOf(node)))].sort().join()}`;
    if (this.#visited.has(key)) return;
    this.#visited.add(key);
    for (const group of this.#fieldsOf(parts).values()) {
      if (check === 'shapes') {
        if (this.#agree(group, shapeConflict)) this.#goBelow(check, group);
      } else {
        for (const same of byParent(group)) {
          if (this.#agree(same, fieldConflict)) this.#goBelow(check, same);
        }
      }
    }
  }

  #goBelow(check: Check, group: readonly Found[]): void {
    const isOne = group.every(({ node }) => node === group[0]?.node);
    const below = group.flatMap((found): Part[] => {
      const { selectionSet } = found.node;
      if (!selectionSet) return [];
      const type = found.type && getNamedType(found.type);
      return [{ node: selectionSet, type, above: isOne ? undefined : found }];
    });
    if (below.length) this.#go(check, below);
  }

  /** Reports a conflict with the first field, if there is one. */
  #agree(group: readonly Found[], conflict: Conflict): boolean {
    const [first] = group as [Found];
    for (const other of group) {
      const reason = other === first ? undefined : conflict(first, other);
      if (reason === undefined) continue;
      if (!this.#reported.has(other.node)) {
        this.#reported.add(other.node);
        this.#context.reportError(conflictError(first, other, reason));
      }
      return false;
    }
    return true;
  }

  #fieldsOf(parts: readonly Part[]): Map<string, Found[]> {
    const groups = new Map<string, Found[]>();
    /** Equal fields without selections are compared once. */
    const distinct = new Map<string, Set<string>>();
    const spread = new Set<string>();
    const collect = ({ node, type, above }: Part): void => {
      for (const selection of node.selections) {
        if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          if (++this.#count > this.#limits.fields) throw new TooManyOverlaps('fields', name);
          const keys = distinct.get(name) ?? new Set();
          const key = `${type?.name} ${keyOf(selection)}`;
          if (!selection.selectionSet && keys.has(key)) continue;
          if (keys.add(key).size > this.#limits.sameName) {
            throw new TooManyOverlaps('sameName', name);
          }
          distinct.set(name, keys);
          const found = {
            name,
            node: selection,
            parent: type,
            type: typeOf(type, selection),
            above,
          };
          const group = groups.get(name);
          if (group) group.push(found);
          else groups.set(name, [found]);
          continue;
        }
        let fragment;
        if (selection.kind === Kind.INLINE_FRAGMENT) fragment = selection;
        else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value);
          fragment = this.#context.getFragment(selection.name.value);
        }
        if (!fragment) continue;
        const { typeCondition, selectionSet } = fragment;
        const on = typeCondition ? typeFromAST(this.#context.getSchema(), typeCondition) : type;
        collect({ node: selectionSet, type: on, above });
      }
    };
    for (const part of parts) collect(part);
    return groups;
  }

  #numberOf(node: SelectionSetNode): number {
    let number = this.#numbers.get(node);
    if (number === undefined) this.#numbers.set(node, (number = this.#numbers.size));
    return number;
  }
}

/** Why two fields conflict; undefined if they can be merged. */
type Conflict = (first: Found, other: Found) => string | undefined;

const shapeConflict: Conflict = (first, other) =>
  first.type && other.type && haveShapesApart(first.type, other.type)
    ? `they return conflicting types "${String(first.type)}" and "${String(other.type)}"`
    : undefined;

const fieldConflict: Conflict = (first, other) => {
  const [a, b] = [first.node, other.node];
  if (a.name.value !== b.name.value) {
    return `"${a.name.value}" and "${b.name.value}" are different fields`;
  }
  return argumentsKey(a.arguments) === argumentsKey(b.arguments)
    ? undefined
    : 'they have differing arguments';
};

/** Whether values of two types differ in their form in a response. */
function haveShapesApart(a: GraphQLOutputType, b: GraphQLOutputType): boolean {
  if (isListType(a)) return !isListType(b) || haveShapesApart(a.ofType, b.ofType);
  if (isListType(b)) return true;
  if (isNonNullType(a)) return !isNonNullType(b) || haveShapesApart(a.ofType, b.ofType);
  if (isNonNullType(b)) return true;
  return (isLeafType(a) || isLeafType(b)) && a !== b;
}

/** Groups fields that may apply to the same object: object types exclude each other, interfaces do not. */
function byParent(group: readonly Found[]): readonly Found[][] {
  const byObjectType = new Map<GraphQLNamedType, Found[]>();
  const common: Found[] = [];
  for (const found of group) {
    if (!isObjectType(found.parent)) common.push(found);
    else {
      const own = byObjectType.get(found.parent);
      if (own) own.push(found);
      else byObjectType.set(found.parent, [found]);
    }
  }
  if (byObjectType.size === 0) return [common];
  return [...byObjectType.values()].map((own) => [...common, ...own]);
}

function typeOf(
  parent: GraphQLNamedType | undefined,
  { name }: FieldNode,
): GraphQLOutputType | undefined {
  return isObjectType(parent) || isInterfaceType(parent)
    ? parent.getFields()[name.value]?.type
    : undefined;
}

/** The message of GraphQL.js. */
function conflictError(first: Found, other: Found, reason: string): GraphQLError {
  const [above, otherAbove] = [chainOf(first), chainOf(other)];
  const because = above.reduceRight(
    (rest, _found, i) =>
      i === above.length - 1 ? rest : `subfields "${above[i + 1]?.name}" conflict because ${rest}`,
    reason,
  );
  return new GraphQLError(
    `Fields "${above[0]?.name}" conflict because ${because}. Use different aliases on the fields to fetch both if this was intentional.`,
    { nodes: [...above, ...otherAbove].map(({ node }) => node) },
  );
}

/** The path of merged fields to a field. */
const chainOf = (found: Found): Found[] =>
  found.above ? [...chainOf(found.above), found] : [found];
