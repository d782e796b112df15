import type { GraphQLResolveInfo } from 'graphql';
import type { ReferenceFilter, ReferenceRecord } from '../knowledge/model/reference.js';
import { text } from './costs.js';
import { builder } from './builder.js';
import type { GraphContext } from './context.js';
import { linkedEntity, typenames } from './links.js';
import { Article, Node, Reference, Sourced, type Typed } from './refs.js';
import { requiredEnd } from './requiredEnd.js';
import { filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { loadNode } from './relay/node.js';
import { orderInput } from './relay/order.js';
import { pagingArgs } from './relay/paging.js';
import { selectedColumns } from './relay/selection.js';

const ReferenceFilterInput = builder.inputType('ReferenceFilter', {
  description: 'Selects references. All fields must match.',
  fields: (t) => ({
    verified: t.boolean({
      description: "Whether the passage was found in the article's text.",
    }),
  }),
});

export const referenceListing = {
  connection: connectionType('Reference', Reference),
  filter: filterInput(ReferenceFilterInput, ({ verified }): ReferenceFilter => ({
    verified: verified ?? undefined,
  })),
  order: orderInput(
    'Reference',
    { ADDED: 'When it was added.' },
    { field: 'ADDED', direction: 'ASC' },
  ),
};

builder.interfaceType(Sourced, {
  description:
    'A fact that references can support. A reference is a passage of an article; a fact may have none.',
  // Resolvers that return a fact of any type set its `__typename`.
  resolveType: (value) => (value as Typed<{ id: string }>).__typename,
  fields: (t) => ({
    references: t.field({
      type: referenceListing.connection,
      description: 'The passages of articles that support it.',
      args: pagingArgs(),
    }),
  }),
});

/** The columns of which exactly one names the fact that a reference supports. */
const facts = [
  'entityId',
  'officeStatusId',
  'positionId',
  'membershipId',
  'eventId',
  'statementId',
];

Reference.implement({
  description:
    'A passage of an article that supports a fact (W3C Web Annotation: TextQuoteSelector and TextPositionSelector).',
  interfaces: [Node],
  fields: (t) => ({
    article: t.expose('article', {
      type: Article,
      nullable: true,
      description: requiredEnd('The article that contains the passage.'),
    }),
    exact: t.exposeString('exact', {
      costs: text,
      description: 'The passage, word for word as in the article.',
    }),
    prefix: t.exposeString('prefix', {
      costs: text,
      nullable: true,
      description:
        'The text immediately before the passage, to distinguish it from equal ones; null if there is none or it is unknown.',
    }),
    suffix: t.exposeString('suffix', {
      costs: text,
      nullable: true,
      description:
        'The text immediately after the passage, to distinguish it from equal ones; null if there is none or it is unknown.',
    }),
    start: t.exposeInt('start', {
      nullable: true,
      description:
        "Where the passage starts in the article's text, in Unicode code points from 0; null unless verified.",
    }),
    end: t.exposeInt('end', {
      nullable: true,
      description: 'Where it ends, exclusive; null unless verified.',
    }),
    verified: t.exposeBoolean('verified', {
      description:
        "Whether the server found the passage in the article's text; false if the knowledge base does not hold the text or the text no longer contains the passage.",
    }),
    field: t.exposeString('field', {
      nullable: true,
      description:
        'The field of the fact that the passage supports, such as `staffCount`; null for the fact as a whole.',
    }),
    supports: t.field({
      type: Sourced,
      nullable: true,
      description: requiredEnd('The fact that the passage supports.'),
      columns: facts,
      resolve: (reference, _args, context, info) => supportedFact(context, reference, info),
    }),
  }),
});

// Private:

async function supportedFact(
  context: GraphContext,
  reference: ReferenceRecord,
  info: GraphQLResolveInfo,
): Promise<Typed<{ id: string }> | null> {
  const { entityId, officeStatusId, positionId, membershipId, eventId, statementId } = reference;
  if (entityId) {
    const entity = await linkedEntity(context, entityId, info);
    return entity ? { ...entity, __typename: typenames[entity.type] } : null;
  }
  const columns = selectedColumns(info);
  if (officeStatusId) return loadNode(context, 'DatedOfficeStatus', officeStatusId, columns);
  if (positionId) return loadNode(context, 'Position', positionId, columns);
  if (membershipId) return loadNode(context, 'Membership', membershipId, columns);
  if (eventId) return loadNode(context, 'Event', eventId, columns);
  if (statementId) return loadNode(context, 'Statement', statementId, columns);
  return null;
}
