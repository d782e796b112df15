/**
 * What an app sees when it extends the schema: the builder, the records and the context. The types
 * are written out, so that none of the libraries that read the database appears in them.
 */
import '@pothos/core';
import '@pothos/plugin-errors';
import '@pothos/plugin-scope-auth';
import '../plugin/fieldOptions.js';
import type { ChanceryContext } from './context.js';
import type {
  AnyRecord,
  Article,
  Entity,
  Event,
  Membership,
  Mention,
  Node,
  Office,
  Organization,
  Person,
  Place,
  Position,
  Reference,
  Statement,
} from './records.js';

/** The types of the schema, by the names that the builder takes: `builder.objectFields('Organization', …)`. */
export interface ExtensionTypes {
  Context: ChanceryContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    PartialDate: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Locale: { Input: string; Output: string };
    URL: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
  AuthScopes: {
    /** May change records, review them and read drafts. */
    editor: boolean;
    /** May erase records. */
    admin: boolean;
  };
  Objects: {
    Organization: Organization;
    Person: Person;
    Office: Office;
    Place: Place;
    Position: Position;
    Membership: Membership;
    Event: Event;
    Article: Article;
    Statement: Statement;
    Reference: Reference;
    Mention: Mention;
  };
  Interfaces: {
    Node: Node;
    Record: AnyRecord;
    Entity: Entity;
    Speaker: Organization | Person;
  };
}

/** Pothos' builder with the types of the schema; see https://pothos-graphql.dev. */
export type ExtensionBuilder = PothosSchemaTypes.SchemaBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<ExtensionTypes>
>;

/** Adds fields and types to the schema of one instance. */
export type Extension = (builder: ExtensionBuilder) => unknown;
