/** The work of a field itself, beside the objects that it answers with. */
import { Kind, type FieldNode, type GraphQLField } from 'graphql';
import { filterWeights } from '../../../graph/costs.js';
import { costsOf } from '../../../graph/plugin/fieldOptions.js';
import { argumentOf, valueOf, type Variables } from './items.js';

/** Where a field stands. */
export interface Place {
  /** Whether the query begins with it. */
  isRoot: boolean;
  /** Whether its object is one of many, as the items of a list are. */
  isOneOfMany: boolean;
}

/** In objects that could be read in its place. */
export interface Work {
  (variables: Variables): number;
  /** Whether it is different from request to request. */
  vary: boolean;
}

/** What a field takes where it stands. */
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
      // What is no list is read as a list of one.
      const items = valueOf(given, variables);
      sum += eachGiven * (Array.isArray(items) ? items.length : 1);
    }
    if (text) {
      const paid = wordCount(valueOf(text, variables)) - perWord.free;
      sum += perWord.weight * Math.max(0, paid);
    }
    if (!filter || (filter.kind === Kind.VARIABLE && !isThere(variables[filter.name.value]))) {
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

/** Texts without spaces have words of a few letters, too. */
function wordCount(text: unknown): number {
  if (typeof text !== 'string') return 0;
  const counted = text.slice(0, maxCounted);
  return Math.max(counted.split(/[^\p{L}\p{M}\p{N}]+/u).length, counted.length / 8);
}

/** Characters of a text that are counted; longer ones are rejected by the fields themselves. */
const maxCounted = 1000;

type Given = NonNullable<ReturnType<typeof argumentOf>>;

function filterOf(node: FieldNode): Given | undefined {
  const given = argumentOf(node, 'filter');
  return given && given.kind !== Kind.NULL ? given : undefined;
}

/** Whether an object, as a literal or as a variable, has a value for a field. */
function isGiven(object: Given, name: string, variables: Variables): boolean {
  if (object.kind === Kind.VARIABLE) {
    const value = variables[object.name.value];
    return typeof value === 'object' && value !== null && isThere(Reflect.get(value, name));
  }
  const value =
    object.kind === Kind.OBJECT && object.fields.find((field) => field.name.value === name)?.value;
  if (!value || value.kind === Kind.NULL) return false;
  return value.kind !== Kind.VARIABLE || isThere(variables[value.name.value]);
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

const variesIn = (given: Given | undefined): boolean =>
  given !== undefined &&
  (given.kind === Kind.VARIABLE ||
    (given.kind === Kind.OBJECT && given.fields.some(({ value }) => value.kind === Kind.VARIABLE)));
