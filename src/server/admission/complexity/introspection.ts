/**
 * The cost of introspection: the number of fields in the response, counted in the schema. Types have
 * fields, which have types, and so on, so that a short query may select millions.
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

/** Counting stops beyond this number, which costs more than any limit allows. */
const maxCounted = 20_000;

export class IntrospectionCosting {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Costs by selection and type, each counted once. */
  readonly #known = new Map<string, Map<unknown, number>>();
  readonly #keys = new Map<SelectionSetNode, string>();
  readonly #numbers = new Map<string, number>();
  #counted = 0;
  /** The number of introspection fields counted so far. */
  #fields = 0;

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#schema = schema;
    this.#fragments = fragments;
  }

  /**
   * The cost of `__schema` or `__type`, in objects. A query as large as the standard one is cheap;
   * beyond that, each field counts.
   */
  costOf(node: FieldNode): number {
    const before = inObjects(this.#fields);
    this.#fields = Math.min(this.#fields + this.fieldsOf(node, {}), Number.MAX_SAFE_INTEGER);
    return inObjects(this.#fields) - before;
  }

  /** The number of fields in the response to `__schema` or `__type`. */
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
    // Validation rejects a fragment that spreads itself.
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

  /** A key that is equal for selections that differ in aliases only. */
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

/** The number of introspection fields that take as much work as an object from the database. */
export const fieldsPerObject = 20;

// Private:

/** The number of fields that the standard query selects, with a margin. */
const wholeSchema = 25_000;

const inObjects = (fields: number): number =>
  Math.min(fields, wholeSchema) / fieldsPerObject + Math.max(0, fields - wholeSchema);

const withoutAlias = (node: FieldNode): FieldNode =>
  node.alias ? { ...node, alias: node.name } : node;

/** The arguments of a field; deprecated fields count unless a literal excludes them. */
function argumentsOf({ arguments: given = [] }: FieldNode, variables: Variables) {
  const values: Record<string, unknown> = { includeDeprecated: true };
  for (const { name, value } of given) {
    if (value.kind === Kind.STRING || value.kind === Kind.BOOLEAN) values[name.value] = value.value;
    if (value.kind === Kind.VARIABLE && name.value === 'name') {
      const given = variables[value.name.value];
      values['name'] = typeof given === 'string' ? given : '';
    }
  }
  return values;
}
