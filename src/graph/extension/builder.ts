/** A builder of the types that one extension adds. */
import SchemaBuilder, {
  type InterfaceRef,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { builderOptions } from '../builder.js';
import { columnsRead } from '../plugin/fieldOptions.js';
import type { ExtensionBuilder, ExtensionTypes } from './types.js';

/**
 * A builder that knows the types of the schema by name, without their fields. What is added to them
 * stays in this builder, so that the description that all instances share does not change.
 */
export function extensionBuilder(schema: GraphQLSchema): ExtensionBuilder {
  const builder: ExtensionBuilder = new SchemaBuilder<ExtensionTypes>({
    ...builderOptions,
    defaultsOfField: (config) => defaultsOf(schema, config),
  });
  builder.queryType();
  builder.mutationType();
  builder.subscriptionType();
  const interfaces = new Map<string, AnyInterface>();
  const roots = new Set([
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ]);
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
  const implemented = (type: GraphQLObjectType | GraphQLInterfaceType): AnyInterface[] =>
    type.getInterfaces().map((each) => {
      const known = interfaces.get(each.name);
      if (known) return known;
      const made: AnyInterface = builder.interfaceRef<unknown>(each.name).implement({
        interfaces: implemented(each),
      });
      interfaces.set(each.name, made);
      return made;
    });
  for (const type of types) {
    const { name } = type;
    if (isInterfaceType(type)) {
      if (!interfaces.has(name)) {
        interfaces.set(
          name,
          builder.interfaceRef<unknown>(name).implement({ interfaces: implemented(type) }),
        );
      }
    } else if (isObjectType(type)) {
      if (!roots.has(type)) {
        builder.objectRef<unknown>(name).implement({ interfaces: implemented(type) });
      }
    } else if (isUnionType(type)) {
      builder.unionType(name, { types: [] });
    } else if (isEnumType(type)) {
      builder.enumType(name, { values: type.getValues().map(({ name: value }) => value) });
    } else if (isInputObjectType(type)) {
      builder.inputType(name, { fields: () => ({}) });
    } else if (isScalarType(type) && !isSpecifiedScalarType(type)) {
      builder.addScalarType(name as 'JSON', type);
    }
  }
  return builder;
}

// Private:

type AnyInterface = InterfaceRef<PothosSchemaTypes.ExtendDefaultTypes<ExtensionTypes>, unknown>;

/**
 * A field that an app adds may read whatever it likes: it costs as much as an object, reads all
 * columns of its record, and no response with it is cached, unless it says otherwise. A field that
 * exposes a property reads that one.
 */
function defaultsOf(
  schema: GraphQLSchema,
  { parentType, extensions }: Pick<PothosOutputFieldConfig<SchemaTypes>, FieldKeys>,
) {
  const exposed = extensions?.['pothosExposedField'];
  return typeof exposed === 'string'
    ? { columns: [exposed] }
    : { costs: { weight: 1 }, columns: columnsOfType(schema, parentType), cached: false };
}

type FieldKeys = 'parentType' | 'extensions';

/** The columns that the fields of a type read, which are all that its records have. */
function columnsOfType(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
  return [...new Set(Object.values(fields).flatMap(columnsRead))];
}
