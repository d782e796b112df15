/**
 * What GraphQL clients need to know about the schema, for `chancery/client`: without graphql at run
 * time. The build writes the values from the schema (scripts/makeClient.mjs).
 */

/** The object types of each interface and union: `possibleTypes` of Apollo Client. */
export declare const possibleTypes: Record<string, string[]>;

/** The types of scalars in TypeScript, by name: `scalars` of GraphQL Code Generator. */
export declare const scalarTypes: Record<string, string>;

/** The same as a type, for gql.tada. */
export interface Scalars {
  DateTime: string;
  JSON: unknown;
  Locale: string;
  PartialDate: string;
  URL: string;
}

/** The types without an id, which a normalized cache keeps within their parent: `keys` of Graphcache. */
export declare const keys: Record<string, () => null>;

/**
 * The fields of each type that are paged by `first`, `after`, `last` and `before`, each with its
 * other arguments, by which a cache keeps lists apart.
 */
export declare const connectionFields: Record<string, Record<string, string[]>>;
