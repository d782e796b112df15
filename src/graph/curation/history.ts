/** Publication status, revisions and the review queue. */
import type { GraphQLResolveInfo } from 'graphql';
import {
  changeColumns,
  changeOf,
  type Author,
  type ChangeRecord,
} from '../../knowledge/history/change.js';
import { recordTypeOf, type RevisionRecord } from '../../knowledge/history/revision.js';
import { recordTypes } from '../../knowledge/model/recordTypes.js';
import { arcs, recordIdOf } from '../../knowledge/model/recordTables.js';
import type { PageRequest } from '../../knowledge/reading/page.js';
import type { WaitingDraft } from '../../knowledge/history/reviewQueue.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { longText, text } from '../costs.js';
import { RecordTypeRef } from '../record.js';
import { AnyRecord, Node } from '../refs.js';
import { connectionType } from '../relay/connectionType.js';
import type { ConnectionShape } from '../relay/types.js';
import { loadRecord } from '../relay/node.js';
import { pageRequest, pagingArgs, type PagingArgs } from '../relay/paging.js';
import { describedEnum } from '../values/enum.js';

const latestFirst = { field: 'NUMBER', direction: 'DESC' } as const;
const oldestFirst = { field: 'CREATED_AT', direction: 'ASC' } as const;

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

const AuthorType = builder.objectRef<Author>('Author').implement({
  description: 'The author of a change. Example: `{ name: "Ann Example", identity: "key:…" }`.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'The name: that of an API key, of a token, or of a command such as `import`. Names are chosen freely and need not be unique; `identity` is.',
    }),
    identity: t.exposeString('identity', {
      nullable: true,
      description:
        'The identity: `key:<id>` for an API key, `token:<issuer>#<subject>` for a token, `app:<id>` for a user of an app, `cli:import` for a command. Null if it was not recorded.',
    }),
  }),
});

interface FieldChange {
  name: string;
  before: unknown;
  after: unknown;
}

const FieldChangeType = builder.objectRef<FieldChange>('FieldChange').implement({
  description:
    'The change of one field in a revision. Example: `{ name: "end", before: null, after: "2026" }`.',
  fields: (t) => ({
    name: t.exposeString('name', {
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

const recordColumns = [...arcs, 'entity.type', 'erasure.type'];

const Change = builder.objectRef<ChangeRecord>('Change');

const Revision = builder.objectRef<RevisionRecord>('Revision').implement({
  description:
    'What a change did to one record: its author, its time, its reason, and the values before and after.',
  authScopes: { editor: true },
  fields: (t) => ({
    number: t.exposeInt('number', {
      description: 'The number of the revision, from 1; the argument of `revert`.',
    }),
    change: t.field({
      type: Change,
      description: 'The change that it is part of; its `id` is the argument of `undo`.',
      columns: changeColumns,
      resolve: (revision) => changeOf(revision),
    }),
    recordType: t.field({
      type: RecordTypeRef,
      description: 'The type of the record.',
      columns: recordColumns,
      resolve: (revision) => recordTypes[recordTypeOf(revision)].graphqlName,
    }),
    record: t.field({
      type: AnyRecord,
      nullable: true,
      description: 'The record as it is now; null if it is deleted.',
      columns: recordColumns,
      resolve: (revision, _args, context, info) => {
        const id = recordIdOf(revision);
        return id === ''
          ? null
          : loadRecord(context, recordTypes[recordTypeOf(revision)].graphqlName, id, info);
      },
    }),
    at: t.expose('at', { type: 'DateTime', description: 'The time.' }),
    author: t.field({
      type: AuthorType,
      description: 'Who made it.',
      columns: ['actor', 'identity'],
      resolve: ({ actor, identity }) => ({ name: actor, identity }),
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
    fields: t.field({
      type: [FieldChangeType],
      description: 'The changed fields, with their values before and after.',
      columns: ['changes'],
      resolve: ({ changes }) =>
        Object.entries(changes).map(([name, { before, after }]) => ({ name, before, after })),
    }),
  }),
});

const RevisionConnection = connectionType('Revision', Revision);

Change.implement({
  description:
    'What one author did in one transaction, such as a mutation, a merge or an import: a revision of each record that it touched. `undo` takes all of it back. Example: `change { id author { name } revisions { nodes { record { caption } } } }`.',
  interfaces: [Node],
  authScopes: { editor: true },
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'The time.' }),
    author: t.expose('author', {
      type: AuthorType,
      description:
        'Who made it. Revisions that were imported with their records keep their own authors; the author of their change is the importer, by identity.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      costs: text,
      description: 'The reason; null if none was given.',
    }),
    revisions: t.field({
      type: RevisionConnection,
      description: 'Its revisions, in the order in which they were made.',
      args: pagingArgs(),
      resolve: ({ id }, args, context, info) =>
        revisionsOf({ relation: 'change', id }, oldestFirst, args, context, info),
    }),
  }),
});

builder.interfaceField(AnyRecord, 'history', (t) =>
  t.field({
    type: RevisionConnection,
    nullable: true,
    description:
      'Its revisions, latest first. For editors; null, with an error, for other clients.',
    authScopes: { editor: true },
    columns: [],
    args: pagingArgs(),
    resolve: ({ id }, args, context, info) =>
      revisionsOf({ relation: 'record', id }, latestFirst, args, context, info),
  }),
);

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
      order: oldestFirst.field,
      page: await knowledge.reviewQueue.page(
        filter?.recordType ?? undefined,
        pageRequest(args, oldestFirst, 'text', info),
      ),
    }),
  }),
);

// Private:

async function revisionsOf(
  parent: { relation: 'record' | 'change'; id: string },
  order: PageRequest<'NUMBER' | 'CREATED_AT'>['order'],
  args: PagingArgs,
  { knowledge: { revisions }, view }: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionShape<RevisionRecord>> {
  const page = pageRequest(args, order, revisions.sortType(order.field), info);
  return { order: order.field, page: await revisions.page(view, { parent, page }) };
}
