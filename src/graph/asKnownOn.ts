/**
 * `asKnownOn` on the fields of Query: what the knowledge base said on a day. Which state is
 * read is settled for a whole operation before it runs (`server/execution/asKnownOn.ts`), so all fields of
 * one operation ask for the same moment.
 */
import { GraphQLObjectType, type GraphQLArgument, type GraphQLSchema } from 'graphql';
import type { GraphContext } from './context.js';
import { badInput } from './errors.js';

export const asKnownOnArgument = 'asKnownOn';

/** Fields that read what has no history of its own. */
const withoutPast = new Set(['search', 'suggest', 'reviewQueue', 'erasure']);

/** Adds the argument to the schema. */
export function addAsKnownOn(schema: GraphQLSchema): GraphQLSchema {
  const [query, moment] = [schema.getQueryType(), schema.getType('DateTime')];
  if (!(query instanceof GraphQLObjectType) || !moment) throw new Error('no Query, no DateTime');
  for (const field of Object.values(query.getFields())) {
    if (withoutPast.has(field.name)) continue;
    (field.args as GraphQLArgument[]).push({
      name: asKnownOnArgument,
      description:
        'What was known at this moment, whatever has been corrected since; the same on all fields of an operation. Beside `asOf`, which asks when something held.',
      type: moment as GraphQLArgument['type'],
      defaultValue: undefined,
      deprecationReason: undefined,
      extensions: {},
      astNode: undefined,
    });
    const { resolve } = field;
    field.resolve = (root, args: Record<string, unknown>, context: GraphContext, info) => {
      checkMoment(args[asKnownOnArgument] as Date | null | undefined, context);
      return resolve?.(root, args, context, info);
    };
  }
  return schema;
}

// Private:

function checkMoment(asked: Date | null | undefined, { asKnownOn }: GraphContext): void {
  if (asked?.getTime() === asKnownOn?.getTime()) return;
  throw badInput(
    asKnownOnArgument,
    'must be the same on all fields of an operation: send one operation for each moment',
  );
}
