/** How deep and how many the values of variables are, which no document tells. */
import type { GraphQLError } from 'graphql';
import { rejection } from '../../errors/rejection.js';

export interface ValueLimits {
  /** Values within values. */
  depth: number;
  /** Values in all, those within others included. */
  values: number;
}

/**
 * Why variables cannot be worked with; undefined where they can. A megabyte of brackets is deeper
 * than any stack, and a list of a hundred thousand names keeps everybody waiting: so they are
 * looked through here, without recursion, before anybody else touches them.
 */
export function rejectValues(variables: unknown, limits: ValueLimits): GraphQLError | undefined {
  let count = 0;
  const open = [{ value: variables, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > limits.depth) return tooDeep(limits.depth);
    const within = Array.isArray(value) ? (value as unknown[]) : Object.values(value);
    count += within.length;
    if (count > limits.values) return tooMany(limits.values);
    for (const each of within) open.push({ value: each, depth: depth + 1 });
  }
  return undefined;
}

// Private:

const tooDeep = (limit: number): GraphQLError =>
  rejection(
    'QUERY_TOO_COMPLEX',
    `The variables hold values within values more than ${limit} levels deep. Send flatter ones.`,
    { status: 400, details: { exceeded: 'depth', limit } },
  );

const tooMany = (limit: number): GraphQLError =>
  rejection(
    'QUERY_TOO_COMPLEX',
    `The variables hold more than ${limit} values. Send them in several requests.`,
    { status: 400, details: { exceeded: 'values', limit } },
  );
