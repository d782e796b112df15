import type { GraphQLResolveInfo } from 'graphql';
import type {
  ReferenceFilter,
  ReferenceKind,
  ReferenceRecord,
} from '../knowledge/model/reference.js';
import { contextLength } from '../knowledge/quotation/quotation.js';
import { text } from './costs.js';
import { builder } from './builder.js';
import type { GraphContext } from './context.js';
import { linkedEntity, typenames, requiredEnd } from './links.js';
import { Article, Node, Reference, Sourced, type Typed } from './refs.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { loadNode } from './relay/node.js';
import { orderInput } from './relay/order.js';
import { selectedColumns } from './relay/selection.js';
import { isWithheld } from './values/bodyAccess.js';
import { describedEnum } from './values/enum.js';
import { TextRange } from './values/textRange.js';

const ReferenceKindEnum = describedEnum<ReferenceKind>('ReferenceKind', 'What a reference cites.', {
  PASSAGE: 'A passage of an article.',
  ENTRY:
    'An entry of a source, such as a line of a register or of a data set. No reference is of this kind yet; clients should expect it.',
});

const ReferenceFilterInput = builder.inputType('ReferenceFilter', {
  description: 'Selects references. Example: `{ kind: [PASSAGE] }`.',
  fields: (t) => ({
    kind: t.field({
      type: [ReferenceKindEnum],
      description: 'Of any of these kinds. Example: `[PASSAGE]`.',
    }),
    verified: t.boolean({
      description: "Whether the passage was found in the article's text.",
    }),
  }),
});

export const referenceListing = {
  connection: connectionType('Reference', Reference),
  filter: filterInput(ReferenceFilterInput, ({ kind, verified }): ReferenceFilter => ({
    kind: kind ?? undefined,
    verified: verified ?? undefined,
  })),
  order: orderInput(
    'Reference',
    { CREATED_AT: 'When it was added.' },
    { field: 'CREATED_AT', direction: 'ASC' },
  ),
};

builder.interfaceType(Sourced, {
  description:
    'A fact that references can support, such as passages of articles; a fact may have none.',
  interfaces: [Node],
  // Resolvers that return a fact of any type set its `__typename`.
  resolveType: (value) => (value as Typed<{ id: string }>).__typename,
  fields: (t) => ({
    references: t.field(
      connection(referenceListing, {
        description: 'The references that support it.',
        list: ({ references }) => references,
      }),
    ),
  }),
});

const shortened = `At most ${contextLength} characters for clients other than editors if the \`bodyAccess\` of the article is \`PASSAGES\`.`;

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
    'What supports a fact: a passage of an article (W3C Web Annotation: TextQuoteSelector and TextPositionSelector) or an entry of a source. `kind` says which of its fields have values. Example: `references { nodes { kind exact range { start end } article { title } } }`.',
  interfaces: [Node],
  fields: (t) => ({
    kind: t.field({
      type: ReferenceKindEnum,
      description: 'What it cites: a passage of an article or an entry of a source.',
      columns: [],
      resolve: () => 'PASSAGE' as const,
    }),
    article: t.expose('article', {
      type: Article,
      nullable: true,
      description:
        'The article that contains the passage. Null for an entry of a source, and if the article is not visible: a draft, a deleted record, or one that is deleted while the query runs.',
    }),
    exact: t.exposeString('exact', {
      costs: text,
      nullable: true,
      description: 'The passage, word for word as in the article; null for an entry of a source.',
    }),
    prefix: t.string({
      costs: text,
      nullable: true,
      description: `The text immediately before the passage, to distinguish it from equal ones; null if there is none or it is unknown. ${shortened}`,
      columns: ['prefix', 'article.bodyAccess'],
      resolve: ({ prefix, article }, _args, context) =>
        prefix && isCut(article, context) ? endOf(prefix) : prefix,
    }),
    suffix: t.string({
      costs: text,
      nullable: true,
      description: `The text immediately after the passage, to distinguish it from equal ones; null if there is none or it is unknown. ${shortened}`,
      columns: ['suffix', 'article.bodyAccess'],
      resolve: ({ suffix, article }, _args, context) =>
        suffix && isCut(article, context) ? beginningOf(suffix) : suffix,
    }),
    range: t.field({
      type: TextRange,
      nullable: true,
      description:
        "Where the passage stands in the article's text: `start` and `end` as one object; null unless verified.",
      columns: ['start', 'end'],
      resolve: ({ start, end }) => (start === null || end === null ? null : { start, end }),
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
        'The field of the fact that it supports, such as `staffCount`; null for the fact as a whole.',
    }),
    supports: t.field({
      type: Sourced,
      nullable: true,
      description: requiredEnd('The fact that it supports.'),
      columns: facts,
      resolve: (reference, _args, context, info) => supportedFact(context, reference, info),
    }),
  }),
});

// Private:

/** Whether the client gets no more than a few characters around a passage. */
const isCut = (article: ReferenceRecord['article'], context: GraphContext): boolean =>
  !article || isWithheld(article.bodyAccess, context);

const endOf = (text: string): string => Array.from(text).slice(-contextLength).join('');

const beginningOf = (text: string): string => Array.from(text).slice(0, contextLength).join('');

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
