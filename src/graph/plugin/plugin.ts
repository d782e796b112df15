/**
 * The Pothos plugin of this schema. Fields take the options `costs` and `columns`, fields of
 * Query also `asKnownOn`; equal fields of one object are resolved once.
 */
import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { asKnownOnArgument, checkAsKnownOn, describedAsKnownOn } from './asKnownOn.js';
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
    const { costs, columns } = config.pothosOptions;
    const options: FieldOptions = { costs, columns };
    const extensions = { ...config.extensions, [extensionKey]: options };
    if (config.kind !== 'Query' || config.pothosOptions.asKnownOn === false) {
      return { ...config, extensions };
    }
    return { ...config, extensions, args: { ...config.args, ...this.#asKnownOnArg(config) } };
  }

  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (config.kind === 'Mutation' || config.kind === 'Subscription') return resolve;
    const checked = asKnownOnArgument in config.args ? checkAsKnownOn(resolve) : resolve;
    return resolveOnce(checked, config);
  }

  #asKnownOnArg({ name, parentType }: PothosOutputFieldConfig<Types>) {
    const { asKnownOn } = this.builder.args((t) => ({
      [asKnownOnArgument]: t.field(describedAsKnownOn as never),
    }));
    return {
      [asKnownOnArgument]: asKnownOn.getConfig(
        asKnownOnArgument,
        name,
        this.buildCache.getTypeConfig(parentType),
      ),
    };
  }
}

SchemaBuilder.registerPlugin(pluginName, ChanceryPlugin);
