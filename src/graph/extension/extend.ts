/** Extends the schema of one instance by the fields and types of its app. */
import { validateSchema, type GraphQLSchema } from 'graphql';
import { extensionBuilder } from './builder.js';
import { withAdded } from './merge.js';
import type { Extension } from './types.js';

/** What is wrong with an extension, found when the instance starts. */
export class ExtensionError extends Error {
  override readonly name = 'ExtensionError';
}

/**
 * The schema with what the extension adds, under the same limits and rights.
 *
 * @throws ExtensionError for an extension that throws, or whose types are not valid
 */
export async function extendSchema(
  schema: GraphQLSchema,
  extension: Extension,
): Promise<GraphQLSchema> {
  let extended: GraphQLSchema;
  try {
    const builder = extensionBuilder(schema);
    await extension(builder);
    extended = withAdded(schema, builder.toSchema({ sortSchema: false }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExtensionError(`extend cannot add its types: ${reason}`, { cause: error });
  }
  const [fault, ...more] = validateSchema(extended);
  if (!fault) return extended;
  const others = more.length ? ` (and ${more.length} more)` : '';
  throw new ExtensionError(`extend makes the schema invalid: ${fault.message}${others}`);
}
