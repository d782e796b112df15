/**
 * The schema of the knowledge base. Importing a subject's file adds its types; the order here
 * is the one in which a newcomer might read them.
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

builder.queryType({
  description:
    'Where every query begins: one record by its slug or id, or a list to filter, order and page through.',
});

export const createSchema = (): GraphQLSchema => builder.toSchema();

/** The schema as `schema.graphql` at the top of the project holds it. */
export const printedSchema = (): string => `${printSchema(createSchema())}\n`;
