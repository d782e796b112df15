/** The life of a record: whether it is published, its revisions, and what awaits review. */
import type { RevisionRecord } from '../../knowledge/history/revision.js';
import type { WaitingDraft } from '../../knowledge/history/reviewQueue.js';
import type { Knowledge } from '../../knowledge/knowledge.js';
import { builder } from '../builder.js';
import { longText, text } from '../costs.js';
import { Entity, Node, recordRefs, type Event } from '../refs.js';
import { capitalized, withArticle } from '../../knowledge/values/english.js';
import { connectionType } from '../relay/connectionType.js';
import type { ConnectionShape } from '../relay/types.js';
import { loadNode } from '../relay/node.js';
import { orderInput } from '../relay/order.js';
import { pageRequest, pagingArgs } from '../relay/paging.js';
import { selectedColumns } from '../relay/selection.js';
import { describedEnum } from '../values/enum.js';
import { recordTypes, type RecordTypeName } from '../../knowledge/model/recordTypes.js';

export const RevisionAction = describedEnum<RevisionRecord['action']>(
  'RevisionAction',
  'What was done to a record.',
  {
    CREATE: 'It was made.',
    UPDATE: 'It was changed.',
    DELETE: 'It was deleted, softly.',
    RESTORE: 'It was brought back.',
    PUBLISH: 'A draft was published.',
    MERGE: 'It was merged into another, or took what another had.',
    REVERT: 'It was made what it was before.',
    ERASE: 'It was erased, for good; nothing is left of it but a tombstone.',
  },
);

const PublicationStatus = describedEnum<'DRAFT' | 'PUBLISHED'>(
  'PublicationStatus',
  'Who sees a record.',
  { DRAFT: 'Editors only, until it is published.', PUBLISHED: 'Everybody.' },
);

interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

const Change = builder.objectRef<FieldChange>('FieldChange').implement({
  description: 'What a revision changed in one field.',
  fields: (t) => ({
    field: t.exposeString('field', {
      description: 'The field; `references` tells those withdrawn and those added.',
    }),
    before: t.expose('before', {
      type: 'JSON',
      nullable: true,
      costs: longText,
      description: 'What it was; records are named by slug. Null where it had no value.',
    }),
    after: t.expose('after', {
      type: 'JSON',
      nullable: true,
      costs: longText,
      description: 'What it became; null where it has no value any more.',
    }),
  }),
});

const Revision = builder.objectRef<RevisionRecord>('Revision').implement({
  description: 'One change of one record: who, when, why, from what to what.',
  authScopes: { editor: true },
  fields: (t) => ({
    number: t.exposeInt('number', {
      description: 'Counts the revisions of the record from 1; what `revert` takes.',
    }),
    changeId: t.exposeID('changeId', {
      description: 'What was changed along with it has the same; what `undo` takes.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    actor: t.exposeString('actor', {
      description:
        'Who, by name: that of an API key, of a token, or a command such as `import`. Authors choose it, and two may have the same; `identity` tells them apart.',
    }),
    identity: t.exposeString('identity', {
      nullable: true,
      description:
        'Who, whatever the name: `key:<id>` for an API key, `token:<issuer>#<subject>` for a token, `app:<id>` for a user of an app, `cli:import` for a command. Null in revisions from before it was kept.',
    }),
    importedBy: t.exposeString('importedBy', {
      nullable: true,
      description:
        'The identity of who brought the revision along from another knowledge base, whose word its author and its time are. Null for what was changed here.',
    }),
    action: t.expose('action', { type: RevisionAction, description: 'What was done.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      costs: text,
      description: 'Why; null where not told.',
    }),
    changes: t.field({
      type: [Change],
      description: 'Field by field, what changed.',
      resolve: ({ changes }) =>
        Object.entries(changes).map(([field, { before, after }]) => ({ field, before, after })),
    }),
  }),
});

const order = orderInput(
  'Revision',
  { NUMBER: 'The order in which they were made.' },
  { field: 'NUMBER', direction: 'DESC' },
);

const RevisionConnection = connectionType('Revision', Revision);

const historyField = {
  description: 'Its revisions, the last first. For editors; null, with an error, for others.',
  authScopes: { editor: true },
} as const;

/** For records of every kind, whichever builder of fields they have. */
const revisionDescription =
  'How many revisions it has: the number that `expectedRevision` takes. 0 for a record without history.';
const statusDescription = 'Who sees it; to readers always `PUBLISHED`.';

builder.interfaceFields(Entity, (t) => ({
  publicationStatus: t.expose('publicationStatus', {
    type: PublicationStatus,
    description: statusDescription,
  }),
  revision: t.int({
    description: revisionDescription,
    resolve: ({ id }, _args, { knowledge, view }) => knowledge.revisionNumbers.of(view, id),
  }),
  history: t.field({
    ...historyField,
    type: RevisionConnection,
    nullable: true,
    args: pagingArgs(),
    resolve: ({ id }, args, { knowledge, view }, info) =>
      historyOf(id, (request) => knowledge.revisions.page(view, request), args, info),
  }),
}));

const others = Object.values(recordTypes).filter(({ slugSpace }) => slugSpace !== 'entity');

for (const type of others.map(({ graphqlName }) => recordRefs[graphqlName] as typeof Event)) {
  builder.objectFields(type, (t) => ({
    publicationStatus: t.expose('publicationStatus', {
      type: PublicationStatus,
      description: statusDescription,
    }),
    revision: t.int({
      description: revisionDescription,
      resolve: ({ id }, _args, { knowledge, view }) => knowledge.revisionNumbers.of(view, id),
    }),
    history: t.field({
      ...historyField,
      type: RevisionConnection,
      nullable: true,
      args: pagingArgs(),
      resolve: ({ id }, args, { knowledge, view }, info) =>
        historyOf(id, (request) => knowledge.revisions.page(view, request), args, info),
    }),
  }));
}

export const ReviewedTypeEnum = describedEnum<RecordTypeName>(
  'RecordType',
  'The types of records that can be made, changed and reviewed.',
  Object.fromEntries(
    Object.values(recordTypes).map(({ graphqlName, singular }) => [
      graphqlName,
      graphqlName === 'Position'
        ? 'A post that a person holds.'
        : `${capitalized(withArticle(singular))}.`,
    ]),
  ) as Record<RecordTypeName, string>,
  (name) => name.toUpperCase(),
);

const queueOrder = orderInput(
  'Draft',
  { ADDED: 'When it was entered.' },
  { field: 'ADDED', direction: 'ASC' },
);

const DraftConnection = connectionType(
  'Draft',
  builder.objectRef<WaitingDraft>('Draft').implement({
    description: 'A record that awaits review.',
    fields: (t) => ({
      record: t.field({
        type: Node,
        nullable: true,
        description:
          'The record; its type, its fields, its references. Null where it was published or deleted while the query ran.',
        resolve: ({ type, id }, _args, context, info) =>
          loadNode(context, type, id, selectedColumns(info)),
      }),
      type: t.expose('type', { type: ReviewedTypeEnum, description: 'Of which type it is.' }),
    }),
  }),
);

builder.queryField('reviewQueue', (t) =>
  t.field({
    type: DraftConnection,
    asKnownOn: false,
    nullable: true,
    description:
      'The drafts that wait for an editor to `publish` or `reject` them, the oldest first. For editors; null, with an error, for others.',
    authScopes: { editor: true },
    args: {
      types: t.arg({ type: [ReviewedTypeEnum], description: 'Only records of these types.' }),
      ...pagingArgs(),
    },
    resolve: async (
      _root,
      { types, ...args },
      { knowledge },
      info,
    ): Promise<ConnectionShape<WaitingDraft>> => ({
      order: 'ADDED',
      page: await knowledge.reviewQueue.page(
        types ?? undefined,
        pageRequest(args, queueOrder.default, 'text', info),
      ),
    }),
  }),
);

// Private:

type RevisionRequest = Parameters<GraphRevisions['page']>[1];
type GraphRevisions = Knowledge['revisions'];

async function historyOf(
  id: string,
  read: (request: RevisionRequest) => ReturnType<GraphRevisions['page']>,
  args: Parameters<typeof pageRequest>[0],
  info: Parameters<typeof pageRequest>[3],
): Promise<ConnectionShape<RevisionRecord>> {
  const page = pageRequest(args, order.default, 'integer', info);
  return { order: 'NUMBER', page: await read({ parent: { relation: 'record', id }, page }) };
}
