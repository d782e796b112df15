/**
 * What a question about the schema costs: the fields of its answer, counted in the schema itself.
 * Types have fields, these have types, and so on, so that a short text may ask for millions.
 */
import {
  getNamedType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { Variables } from './items.js';
import { keyOf } from './merging.js';

/** What is larger costs more than any limit allows, and is not counted to its end. */
const maxCounted = 20_000;

export class IntrospectionCosting {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What the same selection of the same thing costs is counted once. */
  readonly #known = new Map<string, Map<unknown, number>>();
  readonly #keys = new Map<SelectionSetNode, string>();
  readonly #numbers = new Map<string, number>();
  #counted = 0;
  /** Fields of what was asked so far. */
  #fields = 0;

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#schema = schema;
    this.#fragments = fragments;
  }

  /**
   * The cost of `__schema` or `__type`, in objects. As much as the whole schema has is cheap, as
   * it is for tools that ask for it; of what comes on top, each field counts.
   */
  costOf(node: FieldNode): number {
    const before = inObjects(this.#fields);
    this.#fields = Math.min(this.#fields + this.fieldsOf(node, {}), Number.MAX_SAFE_INTEGER);
    return inObjects(this.#fields) - before;
  }

  /** How many fields the answer to `__schema` or `__type` has. */
  fieldsOf(node: FieldNode, variables: Variables): number {
    const isType = node.name.value === TypeMetaFieldDef.name;
    return this.#fieldCost(isType ? TypeMetaFieldDef : SchemaMetaFieldDef, node, {}, variables);
  }

  /** Whether the cost depends on variables. */
  varies({ name, arguments: given = [] }: FieldNode): boolean {
    return (
      name.value === TypeMetaFieldDef.name &&
      given.some(({ value }) => value.kind === Kind.VARIABLE)
    );
  }

  // Private:

  #fieldCost(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    of: unknown,
    variables: Variables,
  ): number {
    const type = getNamedType(field.type);
    const { selectionSet } = node;
    if (!isObjectType(type) || !selectionSet) return 1;
    const info = { schema: this.#schema } as GraphQLResolveInfo;
    const found: unknown = field.resolve?.(of, argumentsOf(node, variables), undefined, info);
    if (found === null || found === undefined) return 1;
    const fields = type.getFields();
    const items: readonly unknown[] = Array.isArray(found) ? found : [found];
    return items.reduce<number>((sum, item) => sum + this.#setCost(selectionSet, fields, item), 1);
  }

  #setCost(
    set: SelectionSetNode,
    fields: Record<string, GraphQLField<unknown, unknown>>,
    of: unknown,
  ): number {
    const key = this.#keyOf(set);
    const costs = this.#known.get(key) ?? new Map<unknown, number>();
    this.#known.set(key, costs);
    const known = costs.get(of);
    if (known !== undefined) return known;
    // A fragment that spreads itself is for validation to refuse.
    costs.set(of, 0);
    let cost = 0;
    for (const selection of set.selections) {
      if (++this.#counted > maxCounted) return Number.MAX_SAFE_INTEGER;
      if (selection.kind === Kind.FIELD) {
        const field = fields[selection.name.value];
        cost += field ? this.#fieldCost(field, selection, of, {}) : 1;
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.#fragments.get(selection.name.value);
      if (fragment) cost += this.#setCost(fragment.selectionSet, fields, of);
    }
    cost = Math.min(cost, Number.MAX_SAFE_INTEGER);
    costs.set(of, cost);
    return cost;
  }

  /** The same for selections that differ in their aliases only. */
  #keyOf(set: SelectionSetNode): string {
    let key = this.#keys.get(set);
    if (key === undefined) {
      const parts = set.selections.map((selection) => {
        const own = keyOf(selection.kind === Kind.FIELD ? withoutAlias(selection) : selection);
        if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) return own;
        return `${own} ${this.#numberOf(this.#keyOf(selection.selectionSet))}`;
      });
      this.#keys.set(set, (key = parts.join()));
    }
    return key;
  }

  #numberOf(key: string): number {
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.#numbers.size));
    return number;
  }
}

/** So many fields of an answer are as much work as an object that is read from the database. */
export const fieldsPerObject = 20;

// Private:

/** What the standard query gets of the whole schema, and somewhat more. */
const wholeSchema = 25_000;

const inObjects = (fields: number): number =>
  Math.min(fields, wholeSchema) / fieldsPerObject + Math.max(0, fields - wholeSchema);

const withoutAlias = (node: FieldNode): FieldNode =>
  node.alias ? { ...node, alias: node.name } : node;

/** What is given; deprecated fields count unless they are plainly left out. */
function argumentsOf({ arguments: given = [] }: FieldNode, variables: Variables) {
  const values: Record<string, unknown> = { includeDeprecated: true };
  for (const { name, value } of given) {
    if (value.kind === Kind.STRING || value.kind === Kind.BOOLEAN) values[name.value] = value.value;
    if (value.kind === Kind.VARIABLE && name.value === 'name') {
      const told = variables[value.name.value];
      values['name'] = typeof told === 'string' ? told : '';
    }
  }
  return values;
}
