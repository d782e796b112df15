/** The length of a field's list, from its arguments. */
import {
  Kind,
  type FieldNode,
  type GraphQLField,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import { greatestLength, usualLength } from '../../../graph/costs.js';
import { costsOf } from '../../../graph/plugin/fieldOptions.js';
import { defaultPageSize } from '../../../graph/relay/paging.js';

export type Variables = Record<string, unknown>;

export interface Items {
  (variables: Variables): number;
  /** Whether the length varies from request to request. */
  vary: boolean;
  /** Whether the field's arguments limit the length; otherwise it is an estimate. */
  areSaid: boolean;
}

export function itemsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Items {
  const count = countOf(field, node);
  const vary = (node.arguments ?? []).some(({ value }) => value.kind === Kind.VARIABLE);
  return Object.assign(
    (variables: Variables) => (count ? bounded(count(variables)) : usualLength),
    { vary: vary && count !== undefined, areSaid: count !== undefined },
  );
}

/** Default values of an operation's variables. */
export const defaultsOf = ({ variableDefinitions }: OperationDefinitionNode): Variables =>
  Object.fromEntries(
    (variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueOf(defaultValue, {})]] : [],
    ),
  );

/** The value of an argument in the query; undefined if it is not given. */
export const argumentOf = (node: FieldNode, name: string): ValueNode | undefined =>
  node.arguments?.find((each) => each.name.value === name)?.value;

/** Values that do not affect the cost are undefined. */
export function valueOf(node: ValueNode, variables: Variables): unknown {
  if (node.kind === Kind.VARIABLE) return variables[node.name.value];
  if (node.kind === Kind.INT) return Number(node.value);
  if (node.kind === Kind.STRING) return node.value;
  return node.kind === Kind.LIST ? node.values : undefined;
}

// Private:

type Count = (variables: Variables) => number;

function countOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Count | undefined {
  const given = (name: string, variables: Variables): unknown => {
    const argument = argumentOf(node, name);
    const value = argument && valueOf(argument, variables);
    return value ?? field.args.find((each) => each.name === name)?.defaultValue;
  };
  const { items } = costsOf(field);
  if (items) return (variables) => items((name) => numberOf(given(name, variables)) ?? 1);
  if (field.args.some(({ name }) => name === 'first')) {
    return (variables) =>
      numberOf(given('first', variables)) ?? numberOf(given('last', variables)) ?? defaultPageSize;
  }
  if (field.args.some(({ name }) => name === 'ids')) {
    return (variables) => {
      const ids = given('ids', variables);
      return Array.isArray(ids) ? ids.length : 1;
    };
  }
  return undefined;
}

/** A number, or the length of a list. */
function numberOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

const bounded = (count: number): number => Math.min(Math.max(count, 0), greatestLength);
