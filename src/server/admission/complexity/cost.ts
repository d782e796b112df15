/**
 * Query cost: the maximum number of objects in a response, computed before execution. Every list
 * counts with its maximum length, so nested lists multiply. Parts that depend on variables are
 * computed per request, all others once per document.
 */
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { aliasWeight, pastTimes, schemaWeight, usualLength } from '../../../graph/costs.js';
import { readsPast } from '../../../graph/plugin/asKnownAt.js';
import { defaultsOf, itemsOf, type Variables } from './items.js';
import { IntrospectionCosting } from './introspection.js';
import { mergingOf } from './merging.js';
import { standardIntrospection } from './standardIntrospection.js';
import { workOf, type Place } from './work.js';

export type Cost = (variables: Variables) => number;

/** The cost of an operation; invalid parts, which validation rejects, cost nothing. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Cost {
  const root = schema.getRootType(operation.operation);
  if (!root) return () => 0;
  const merged = mergingOf(document).document;
  const set =
    operationIn(merged, document.definitions.indexOf(operation)) ?? operation.selectionSet;
  const costing = new Costing(schema, merged);
  const present = inRequests(costing.selected(set, root, beginning), operation);
  return readsPast(operation) ? (variables) => pastTimes * present(variables) : present;
}

// Private:

/** The formula for requests, evaluated where nothing depends on variables. */
function inRequests(formula: Formula, operation: OperationDefinitionNode): Cost {
  if (!formula.varying.length) {
    const cost = inWholeObjects(formula.constant);
    return () => cost;
  }
  const byDefault = defaultsOf(operation);
  return (variables) => {
    const request: Request = { variables: { ...byDefault, ...variables }, fragments: new Map() };
    return inWholeObjects(valueOf(formula, request));
  };
}

function operationIn(document: DocumentNode, at: number): SelectionSetNode | undefined {
  const definition = document.definitions[at];
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : undefined;
}

/** The cost of a selection: once, and per item of its lists without a known length. */
interface Amount {
  once: number;
  perItem: number;
}

/** An amount: the constant part, and the part that depends on the request. */
interface Formula {
  constant: Amount;
  varying: ((request: Request) => Amount)[];
}

interface Request {
  variables: Variables;
  /** Costs of fragments, which may be spread many times. */
  fragments: Map<string, Amount>;
  /** Counts the fields of introspection, up to a limit for all together. */
  introspection?: IntrospectionCosting;
}

const nothing: Amount = { once: 0, perItem: 0 };

const plus = (a: Amount, b: Amount): Amount => ({
  once: a.once + b.once,
  perItem: a.perItem + b.perItem,
});

/** The cap of costs, which avoids infinity and zero times infinity. */
const times = (count: number, each: number): number =>
  Math.min(count * each, Number.MAX_SAFE_INTEGER);

const inAll = ({ once, perItem }: Amount, items: number): number => once + times(items, perItem);

/** Texts cost fractions of an object. */
const inWholeObjects = (amount: Amount): number => Math.ceil(inAll(amount, usualLength));

const valueOf = ({ constant, varying }: Formula, request: Request): Amount =>
  varying.reduce((sum, part) => plus(sum, part(request)), constant);

const sumOf = (formulas: Formula[]): Formula => ({
  constant: formulas.reduce((sum, { constant }) => plus(sum, constant), nothing),
  varying: formulas.flatMap(({ varying }) => varying),
});

class Costing {
  readonly #isStandard: boolean;
  #introspection: IntrospectionCosting | undefined;
  readonly #schema: GraphQLSchema;
  readonly #definitions = new Map<string, FragmentDefinitionNode>();
  readonly #fragments = new Map<string, Formula>();

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    this.#isStandard = standardIntrospection(document) !== undefined;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#definitions.set(definition.name.value, definition);
    }
  }

  selected(set: SelectionSetNode | undefined, type: GraphQLNamedType, place: Place): Formula {
    return sumOf(
      (set?.selections ?? []).map((selection) => this.#selection(selection, type, place)),
    );
  }

  // Private:

  #selection(selection: SelectionNode, type: GraphQLNamedType, place: Place): Formula {
    if (selection.kind === Kind.FIELD) return this.#field(selection, type, place);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#spread(selection.name.value, place);
    const condition = selection.typeCondition?.name.value;
    const on = condition === undefined ? type : this.#schema.getType(condition);
    return on ? this.selected(selection.selectionSet, on, place) : fixed(0);
  }

  #spread(name: string, place: Place): Formula {
    const key = `${JSON.stringify(place)} ${name}`;
    let formula = this.#fragments.get(key);
    if (!formula) {
      const definition = this.#definitions.get(name);
      const type = definition && this.#schema.getType(definition.typeCondition.name.value);
      // Validation rejects a fragment that spreads itself.
      this.#fragments.set(key, fixed(0));
      formula = type
        ? onceARequest(key, this.selected(definition.selectionSet, type, place))
        : fixed(0);
      this.#fragments.set(key, formula);
    }
    return formula;
  }

  #field(node: FieldNode, parent: GraphQLNamedType, place: Place): Formula {
    const { value: name } = node.name;
    if (name === '__schema' || name === '__type') {
      if (this.#isStandard) return fixed(schemaWeight);
      const costing = () => new IntrospectionCosting(this.#schema, this.#definitions);
      this.#introspection ??= costing();
      if (!this.#introspection.varies(node)) return fixed(this.#introspection.costOf(node));
      const of = (request: Request) => ({
        once: (request.introspection ??= costing()).fieldsOf(node, request.variables),
        perItem: 0,
      });
      return { constant: nothing, varying: [of] };
    }
    const field = fieldOf(parent, name);
    if (!field) return fixed(0);
    const work = workOf(field, node, place);
    const type = getNamedType(field.type);
    const aliased = node.alias && !isCompositeType(type) ? aliasWeight : 0;
    const isList = isListType(getNullableType(field.type));
    const below = isCompositeType(type)
      ? this.selected(node.selectionSet, type, {
          isRoot: false,
          isOneOfMany: place.isOneOfMany || isList,
        })
      : undefined;
    if (!below) {
      const valueWork = (variables: Variables) => ({
        once: work(variables) + aliased,
        perItem: 0,
      });
      return work.vary
        ? { constant: nothing, varying: [({ variables }) => valueWork(variables)] }
        : { constant: valueWork({}), varying: [] };
    }
    const items = itemsOf(field, node);
    const cost = (amount: Amount, variables: Variables): Amount => {
      const weight = work(variables);
      if (!isList) return { once: weight + 1 + inAll(amount, items(variables)), perItem: 0 };
      const each = 1 + inAll(amount, usualLength);
      return items.areSaid
        ? { once: weight + times(items(variables), each), perItem: 0 }
        : { once: weight, perItem: each };
    };
    return items.vary || work.vary || below.varying.length
      ? {
          constant: nothing,
          varying: [(request) => cost(valueOf(below, request), request.variables)],
        }
      : { constant: cost(below.constant, {}), varying: [] };
  }
}

/** The root of a query. */
const beginning: Place = { isRoot: true, isOneOfMany: false };

const fixed = (once: number): Formula => ({ constant: { once, perItem: 0 }, varying: [] });

const fieldOf = (
  type: GraphQLNamedType,
  name: string,
): GraphQLField<unknown, unknown> | undefined =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;

/** Computes a fragment's cost once, at its first spread. */
function onceARequest(name: string, formula: Formula): Formula {
  if (!formula.varying.length) return formula;
  const varying = (request: Request): Amount => {
    let amount = request.fragments.get(name);
    if (!amount) request.fragments.set(name, (amount = valueOf(formula, request)));
    return amount;
  };
  return { constant: nothing, varying: [varying] };
}
