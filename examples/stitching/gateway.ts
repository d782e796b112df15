/**
 * One schema of Chancery and of an app's own service, stitched by `@graphql-tools/stitch`. The
 * gateway reads records through `chancery.fetch`, so that limits, rights and caches apply.
 */
import { stitchSchemas } from '@graphql-tools/stitch';
import { schemaFromExecutor } from '@graphql-tools/wrap';
import type { Chancery } from 'chancery';
import { print, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';

/** What the gateway receives with a request: the credentials of its client. */
export interface GatewayContext {
  authorization?: string | undefined;
}

interface Operation {
  document: DocumentNode;
  variables?: unknown;
  context?: GatewayContext | undefined;
}

/**
 * @param notes A schema with the type `Organization`, of which it knows the `id`, and the field
 *   `organizationsById(ids:)`, which adds its own fields to them.
 */
export async function stitched(chancery: Chancery, notes: GraphQLSchema): Promise<GraphQLSchema> {
  const executor = async <Result>({
    document,
    variables,
    context,
  }: Operation): Promise<ExecutionResult<Result>> => {
    const { authorization } = context ?? {};
    const response = await chancery.fetch(
      new Request('http://chancery/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
        body: JSON.stringify({ query: print(document), variables }),
      }),
    );
    return (await response.json()) as ExecutionResult<Result>;
  };
  const organization = (fieldName: string) => ({
    Organization: {
      selectionSet: '{ id }',
      fieldName,
      // All organizations of a request are read at once.
      key: ({ id }: { id: string }) => id,
      argsFromKeys: (ids: readonly string[]) => ({ ids }),
    },
  });
  return stitchSchemas({
    subschemas: [
      { schema: await schemaFromExecutor(executor), executor, merge: organization('nodes') },
      { schema: notes, merge: organization('organizationsById') },
    ],
  });
}
