/** The options that this schema adds to Pothos' fields, and how to read them from a built field. */
import type {
  FieldNullability,
  InputFieldMap,
  PothosOutputFieldConfig,
  SchemaTypes,
  TypeParam,
} from '@pothos/core';
import type { GraphQLField } from 'graphql';
import type { Costs } from '../costs.js';

export interface FieldOptions {
  /** What the field costs, where its arguments and its type do not say it; see `costs.ts`. */
  costs?: Costs | undefined;
  /** The columns that the field reads. Default: that of its name, or of its name with `Id`. */
  columns?: readonly string[] | undefined;
  /**
   * Whether a response with the field may be sent to all clients until a record changes that it
   * was read from. Default: true; false for fields that an extension adds.
   */
  cached?: boolean | undefined;
}

/* eslint-disable @typescript-eslint/no-namespace, @typescript-eslint/no-unused-vars --
   Pothos' interfaces are merged in its global namespace, with all their type parameters. */
declare global {
  export namespace PothosSchemaTypes {
    export interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /** What the field costs beyond the objects that it returns; see docs/extending.md. */
      costs?: Costs | undefined;
      /** The columns of the record that the field reads. */
      columns?: readonly string[] | undefined;
      /** Whether all clients may get a response with the field from the cache. */
      cached?: boolean | undefined;
    }

    export interface SchemaBuilderOptions<Types extends SchemaTypes> {
      /** The options of fields that have none of their own. */
      defaultsOfField?: (
        config: PothosOutputFieldConfig<Types>,
      ) => Pick<FieldOptions<Types>, 'costs' | 'columns' | 'cached'>;
    }

    export interface QueryFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > {
      /** Whether the field can read an earlier state, in a query `@asKnownAt`. Default: true. */
      asKnownAt?: boolean;
    }
  }
}

/* eslint-enable */

type BuiltField = Pick<GraphQLField<unknown, unknown>, 'extensions'>;

/** The key of the options in the extensions of a built field. */
export const extensionKey = 'chancery';

export const costsOf = (field: BuiltField): Costs => optionsOf(field).costs ?? noCosts;

/** The columns that a field reads; of those that a record does not have, none. */
export const columnsRead = (
  field: Pick<GraphQLField<unknown, unknown>, 'extensions' | 'name'>,
): readonly string[] => optionsOf(field).columns ?? [field.name, `${field.name}Id`];

export const isCached = (field: BuiltField): boolean => optionsOf(field).cached ?? true;

// Private:

const noCosts: Costs = {};
const noOptions: FieldOptions = {};

const optionsOf = ({ extensions }: BuiltField): FieldOptions =>
  (extensions[extensionKey] as FieldOptions | undefined) ?? noOptions;
