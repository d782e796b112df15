import {
  isInterfaceType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { isCached } from '../../graph/plugin/fieldOptions.js';

/** The fields whose values depend on more than records: on the client, or on the data of an app. */
export class UncachedFields {
  readonly #schema: GraphQLSchema;
  readonly #fields = new Set<GraphQLField<unknown, unknown>>();
  readonly #names = new Set<string>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        if (isCached(field)) continue;
        this.#fields.add(field);
        this.#names.add(field.name);
      }
    }
  }

  /** Whether a valid document selects any of them. */
  isSelectedIn(document: DocumentNode): boolean {
    // Most documents do not contain the name of any, which is quick to find.
    const text = document.loc?.source.body;
    if (text !== undefined && ![...this.#names].some((name) => text.includes(name))) return false;
    const types = new TypeInfo(this.#schema);
    let isSelected = false;
    visit(
      document,
      visitWithTypeInfo(types, {
        Field: () => {
          const field = types.getFieldDef();
          if (field && this.#fields.has(field)) isSelected = true;
        },
      }),
    );
    return isSelected;
  }
}
