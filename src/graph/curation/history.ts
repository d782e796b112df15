/** Publication status, revisions and the review queue. */
import type { GraphQLResolveInfo } from 'graphql';
import type { RevisionRecord } from '../../knowledge/history/revision.js';
import type { WaitingDraft } from '../../knowledge/history/reviewQueue.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { longText, text } from '../costs.js';
import { RecordTypeRef } from '../record.js';
import { AnyRecord } from '../refs.js';
import { connectionType } from '../relay/connectionType.js';
import type { ConnectionShape } from '../relay/types.js';
import { loadRecord } from '../relay/node.js';
import { pageRequest, pagingArgs, type PagingArgs } from '../relay/paging.js';
import { describedEnum } from '../values/enum.js';

export const RevisionAction = describedEnum<RevisionRecord['action']>(
  'RevisionAction',
  'A kind of change of a record.',
  {
    CREATE: 'It was created.',
    UPDATE: 'It was changed.',
    DELETE: 'It was deleted; `restore` brings it back.',
    RESTORE: 'It was restored.',
    PUBLISH: 'A draft was published.',
    MERGE: 'It was merged into another, or another was merged into it.',
    REVERT: 'It was reverted to an earlier revision.',
    ERASE: 'It was erased permanently; only a tombstone remains.',
  },
);

interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

const Change = builder.objectRef<FieldChange>('FieldChange').implement({
  description: 'The change of one field in a revision.',
  fields: (t) => ({
    field: t.exposeString('field', {
      description: 'The field; `references` has the references that were added and withdrawn.',
    }),
    before: t.expose('before', {
      type: 'JSON',
      nullable: true,
      costs: longText,
      description: 'The former value; records are named by slug. Null if it had none.',
    }),
    after: t.expose('after', {
      type: 'JSON',
      nullable: true,
      costs: longText,
      description: 'The new value; null if it has none.',
    }),
  }),
});

const Revision = builder.objectRef<RevisionRecord>('Revision').implement({
  description:
    'A change of a record: its author, its time, its reason, and the values before and after.',
  authScopes: { editor: true },
  fields: (t) => ({
    number: t.exposeInt('number', {
      description: 'The number of the revision, from 1; the argument of `revert`.',
    }),
    changeId: t.exposeID('changeId', {
      description:
        'The id of the change, the same for all records of one transaction; the argument of `undo`.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'The time.' }),
    actor: t.exposeString('actor', {
      description:
        'The name of the author: that of an API key, of a token, or of a command such as `import`. Names are chosen freely and need not be unique; `identity` is.',
    }),
    identity: t.exposeString('identity', {
      nullable: true,
      description:
        'The identity of the author: `key:<id>` for an API key, `token:<issuer>#<subject>` for a token, `app:<id>` for a user of an app, `cli:import` for a command. Null if it was not recorded.',
    }),
    importedBy: t.exposeString('importedBy', {
      nullable: true,
      description:
        'The identity that imported the revision from another knowledge base and vouches for its author and time. Null for changes made in this knowledge base.',
    }),
    action: t.expose('action', { type: RevisionAction, description: 'The kind of change.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      costs: text,
      description: 'The reason; null if none was given.',
    }),
    changes: t.field({
      type: [Change],
      description: 'The changed fields.',
      resolve: ({ changes }) =>
        Object.entries(changes).map(([field, { before, after }]) => ({ field, before, after })),
    }),
  }),
});

/** The latest first. */
const order = { field: 'NUMBER', direction: 'DESC' } as const;

const RevisionConnection = connectionType('Revision', Revision);

builder.interfaceField(AnyRecord, 'history', (t) =>
  t.field({
    type: RevisionConnection,
    nullable: true,
    description:
      'Its revisions, latest first. For editors; null, with an error, for other clients.',
    authScopes: { editor: true },
    columns: [],
    args: pagingArgs(),
    resolve: ({ id }, args, context, info) => historyOf(id, args, context, info),
  }),
);

/** The oldest first. */
const queueOrder = { field: 'CREATED_AT', direction: 'ASC' } as const;

const DraftConnection = connectionType(
  'Draft',
  builder.objectRef<WaitingDraft>('Draft').implement({
    description: 'A draft that awaits review.',
    fields: (t) => ({
      record: t.field({
        type: AnyRecord,
        nullable: true,
        description: 'The record. Null if it was published or deleted while the query ran.',
        resolve: ({ type, id }, _args, context, info) => loadRecord(context, type, id, info),
      }),
      recordType: t.expose('type', {
        type: RecordTypeRef,
        description: 'The type of the record.',
      }),
    }),
  }),
);

const ReviewQueueFilterInput = builder.inputType('ReviewQueueFilter', {
  description: 'Selects drafts. Example: `{ recordType: [STATEMENT] }`.',
  fields: (t) => ({
    recordType: t.field({
      type: [RecordTypeRef],
      description: 'Of any of these types of records.',
    }),
  }),
});

builder.queryField('reviewQueue', (t) =>
  t.field({
    type: DraftConnection,
    asKnownAt: false,
    nullable: true,
    description:
      'The drafts that await `publish` or `reject` by an editor, oldest first. For editors; null, with an error, for other clients.',
    authScopes: { editor: true },
    args: {
      filter: t.arg({
        type: ReviewQueueFilterInput,
        description: 'Only drafts that match the filter.',
      }),
      ...pagingArgs(),
    },
    resolve: async (
      _root,
      { filter, ...args },
      { knowledge },
      info,
    ): Promise<ConnectionShape<WaitingDraft>> => ({
      order: queueOrder.field,
      page: await knowledge.reviewQueue.page(
        filter?.recordType ?? undefined,
        pageRequest(args, queueOrder, 'text', info),
      ),
    }),
  }),
);

// Private:

async function historyOf(
  id: string,
  args: PagingArgs,
  { knowledge, view }: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionShape<RevisionRecord>> {
  const page = pageRequest(args, order, 'integer', info);
  const request = { parent: { relation: 'record', id }, page } as const;
  return { order: order.field, page: await knowledge.revisions.page(view, request) };
}
