/**
 * The Pothos plugin of this schema. Fields take the options `costs` and `columns`, fields of
 * Query also `asKnownAt`; equal fields of one object are resolved once; root fields are nullable.
 */
import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { presentOnly, withAsKnownAt } from './asKnownAt.js';
import { extensionKey, type FieldOptions } from './fieldOptions.js';
import { resolveOnce } from './resolveOnce.js';

export const pluginName = 'chancery';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Pothos' interfaces are merged in it.
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      chancery: ChanceryPlugin<Types>;
    }
  }
}

export class ChanceryPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(
    config: PothosOutputFieldConfig<Types>,
  ): PothosOutputFieldConfig<Types> {
    const defaults = this.builder.options.defaultsOfField?.(config);
    const { costs, columns, cached } = { ...defaults, ...config.pothosOptions };
    const options: FieldOptions = { costs, columns, cached };
    const extensions = { ...config.extensions, [extensionKey]: options };
    // The failure of one field at the root must not take the results of the others with it.
    return rootTypes.has(config.parentType)
      ? { ...config, extensions, type: { ...config.type, nullable: true } }
      : { ...config, extensions };
  }

  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (config.kind === 'Mutation' || config.kind === 'Subscription') return resolve;
    const readsPresentOnly = config.kind === 'Query' && config.pothosOptions.asKnownAt === false;
    const checked = readsPresentOnly ? presentOnly(config.name, resolve) : resolve;
    return resolveOnce(checked, config);
  }

  override afterBuild(schema: GraphQLSchema): GraphQLSchema {
    return withAsKnownAt(schema);
  }
}

SchemaBuilder.registerPlugin(pluginName, ChanceryPlugin);

// Private:

const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);
