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
  description: 'Which references. All fields given must hold.',
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
    'A fact that can be cited. Its references are the passages of articles on which it rests; a fact without any is allowed and visible as such.',
  // Whoever hands out a fact of unknown type names its type.
  resolveType: (value) => (value as Typed<{ id: string }>).__typename,
  fields: (t) => ({
    references: t.field({
      type: referenceListing.connection,
      description: 'The passages of articles on which it rests.',
      args: pagingArgs(),
    }),
  }),
});

/** The columns of which one tells what fact a reference supports. */
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
    'A fact rests on a passage of an article (W3C Web Annotation: TextQuoteSelector and TextPositionSelector).',
  interfaces: [Node],
  fields: (t) => ({
    article: t.expose('article', {
      type: Article,
      nullable: true,
      description: requiredEnd('The article that says so.'),
    }),
    exact: t.exposeString('exact', {
      costs: text,
      description: 'The passage, word for word as it stands in the article.',
    }),
    prefix: t.exposeString('prefix', {
      costs: text,
      nullable: true,
      description:
        'The text right before the passage, to tell it from its like; null where it begins the text or none is known.',
    }),
    suffix: t.exposeString('suffix', {
      costs: text,
      nullable: true,
      description:
        'The text right behind the passage, to tell it from its like; null where it ends the text or none is known.',
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
        "Whether this server found the passage in the article's text; false while the text is not held, or when it changed and holds the passage no longer.",
    }),
    field: t.exposeString('field', {
      nullable: true,
      description:
        'The field of the fact that the passage supports, such as `staffCount`; null: the fact as such.',
    }),
    supports: t.field({
      type: Sourced,
      nullable: true,
      description: requiredEnd('The fact that rests on the passage.'),
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
  const wanted = selectedColumns(info);
  if (officeStatusId) return loadNode(context, 'DatedOfficeStatus', officeStatusId, wanted);
  if (positionId) return loadNode(context, 'Position', positionId, wanted);
  if (membershipId) return loadNode(context, 'Membership', membershipId, wanted);
  if (eventId) return loadNode(context, 'Event', eventId, wanted);
  if (statementId) return loadNode(context, 'Statement', statementId, wanted);
  return null;
}
