/**
 * `asKnownOn` on the fields of Query: reads the knowledge base in an earlier state. Which state
 * is settled for the whole operation before it runs (`server/execution/asKnownOn.ts`), so all
 * fields of an operation must name the same moment.
 */
import type { GraphQLFieldResolver } from 'graphql';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';

export const asKnownOnArgument = 'asKnownOn';

export const describedAsKnownOn = {
  type: 'DateTime',
  description:
    'Reads what was known at this moment, without later corrections; the same on all fields of an operation. It differs from `asOf`, which selects facts by the time at which they held.',
} as const;

/** Rejects a field whose moment is not that of its operation. */
export const checkAsKnownOn =
  <Context extends object>(
    resolve: GraphQLFieldResolver<unknown, Context, object>,
  ): GraphQLFieldResolver<unknown, Context, object> =>
  (root, args, context, info) => {
    const { asKnownOn: moment } = args as { asKnownOn?: Date | null };
    if (moment?.getTime() !== (context as GraphContext).asKnownOn?.getTime()) {
      throw badInput(
        asKnownOnArgument,
        'must be the same on all fields of an operation: send one operation for each moment',
      );
    }
    return resolve(root, args, context, info);
  };
