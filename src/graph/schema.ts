/**
 * The GraphQL schema. Importing a file adds its types to the builder; the order is one in which
 * the files can be read.
 */
import { printSchema, type GraphQLSchema } from 'graphql';
import { builder } from './builder.js';
import './values/scalars.js';
import './relay/node.js';
import './entity.js';
import './organization.js';
import './person.js';
import './office.js';
import './place.js';
import './position.js';
import './membership.js';
import './event.js';
import './article.js';
import './statement.js';
import './reference.js';
import './mention.js';
import './discovery/search.js';
import './discovery/suggest.js';
import './discovery/path.js';
import './discovery/neighbours.js';
import './discovery/timeline.js';
import './discovery/stats.js';
import './curation/history.js';
import './curation/mutations.js';
import './curation/batch.js';
import './curation/erase.js';
import './subscriptions.js';
import './rateLimit.js';
import './viewer.js';

builder.queryType({
  description:
    'The root of queries: one record by its slug or id, or a list that can be filtered, ordered and paged.\n\n**Pages** are read from the start with `first` and `after: pageInfo.endCursor`, or from the end with `last` and `before: pageInfo.startCursor`, at most 100 items each. `nodes` are the items, `edges` the items with their cursors, `totalCount` counts the whole list.\n\n**Filters**: an item matches if it matches all fields. A list, such as `kind: [EMBASSY, CONSULATE]`, means any of its values; the empty list `[]` matches nothing, null matches everything. An unknown slug or id matches nothing.\n\n**Orders** without `direction` are ascending. Items of equal value keep a stable order.',
});

/** A schema of its own for each caller; see docs/decisions/25-schema.md. */
export const createSchema = (): GraphQLSchema => builder.toSchema();

/** The contents of `schema.graphql`. */
export const printedSchema = (): string => `${printSchema(createSchema())}\n`;
