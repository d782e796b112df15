/** The cost of fields in addition to the objects they return. */
import { Kind, type FieldNode, type GraphQLField } from 'graphql';
import { filterWeights } from '../../../graph/costs.js';
import { costsOf } from '../../../graph/plugin/fieldOptions.js';
import { argumentOf, valueOf, type Variables } from './items.js';

/** The place of a field in a query. */
export interface Place {
  /** Whether it is a root field. */
  isRoot: boolean;
  /** Whether its parent is an item of a list. */
  isOneOfMany: boolean;
}

/** Costs in objects. */
export interface Work {
  (variables: Variables): number;
  /** Whether the cost varies from request to request. */
  vary: boolean;
}

/** The cost of a field at its place. */
export function workOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  { isRoot, isOneOfMany }: Place,
): Work {
  const { weight = 0, weightOfWhole, perItem, perWord, filter: filtered } = costsOf(field);
  const own = isOneOfMany ? weight : (weightOfWhole ?? weight);
  const given = perItem && argumentOf(node, perItem.argument);
  const eachGiven = (isOneOfMany ? perItem?.ofMany : undefined) ?? perItem?.weight ?? 0;
  const text = perWord && argumentOf(node, perWord.argument);
  const filter = filtered && filterOf(node);
  const narrowedBy = filtered?.narrowedBy ?? [];
  const work = (variables: Variables): number => {
    let sum = own;
    if (given) {
      // GraphQL coerces a single value to a list.
      const items = valueOf(given, variables);
      sum += eachGiven * (Array.isArray(items) ? items.length : 1);
    }
    if (text) {
      const paid = wordCount(valueOf(text, variables)) - perWord.free;
      sum += perWord.weight * Math.max(0, paid);
    }
    if (!filter || (filter.kind === Kind.VARIABLE && !hasValue(variables[filter.name.value]))) {
      return sum;
    }
    if (isOneOfMany) return sum + filterWeights.ofMany;
    const isNarrowed = narrowedBy.some((name) => isGiven(filter, name, variables));
    if (isNarrowed) return sum + filterWeights.narrowed;
    return sum + (isRoot ? filterWeights.whole : filterWeights.ofOne);
  };
  return Object.assign(work, { vary: variesIn(given) || variesIn(text) || variesIn(filter) });
}

// Private:

/** Words of text without spaces consist of a few letters. */
function wordCount(text: unknown): number {
  if (typeof text !== 'string') return 0;
  const counted = text.slice(0, maxCounted);
  return Math.max(counted.split(/[^\p{L}\p{M}\p{N}]+/u).length, counted.length / 8);
}

/** The number of characters that count; the fields reject longer texts. */
const maxCounted = 1000;

type Given = NonNullable<ReturnType<typeof argumentOf>>;

function filterOf(node: FieldNode): Given | undefined {
  const given = argumentOf(node, 'filter');
  return given && given.kind !== Kind.NULL ? given : undefined;
}

/** Whether an object, literal or variable, has a value for a field. */
function isGiven(object: Given, name: string, variables: Variables): boolean {
  if (object.kind === Kind.VARIABLE) {
    const value = variables[object.name.value];
    return typeof value === 'object' && value !== null && hasValue(Reflect.get(value, name));
  }
  const value =
    object.kind === Kind.OBJECT && object.fields.find((field) => field.name.value === name)?.value;
  if (!value || value.kind === Kind.NULL) return false;
  return value.kind !== Kind.VARIABLE || hasValue(variables[value.name.value]);
}

const hasValue = (value: unknown): boolean => value !== undefined && value !== null;

const variesIn = (given: Given | undefined): boolean =>
  given !== undefined &&
  (given.kind === Kind.VARIABLE ||
    (given.kind === Kind.OBJECT && given.fields.some(({ value }) => value.kind === Kind.VARIABLE)));
