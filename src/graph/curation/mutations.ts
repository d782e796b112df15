/** The mutations of records: create, update, upsert, delete, restore, cite, merge, revert, undo. */
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { maxListed } from '../../knowledge/curation/outcomes.js';
import { builder } from '../builder.js';
import { changeWeight } from '../costs.js';
import { changeArgs, expectedRevisionArg, idArg, publicationStatusArg } from './arguments.js';
import {
  changeOne,
  citation,
  creation,
  lifecycleEdit,
  merging,
  reversion,
  undoing,
  update,
  withdrawal,
  type CiteArgs,
} from './edits.js';
import { CiteInput, recordInputs } from './inputs.js';
import { MergeResult, RecordResult, UndoResult, recordResults } from './payloads.js';
import {
  type RecordTypeName,
  recordTypeByName,
  recordTypes,
} from '../../knowledge/model/recordTypes.js';

builder.mutationType({
  description:
    'Mutations, for editors. Each is one transaction, is recorded in the history, and returns a payload or a typed error.\n\n`idempotencyKey`: a key that the client chooses, at most 200 characters. A mutation sent again with the same key returns the first result and is not carried out again. Keys are kept for a day.\n\n`dryRun`: the change is checked and computed without being made, and the payload says what it would be. `idempotencyKey` is ignored then.\n\n`expectedRevision`: the `revision` of the record when the client read it. If the record has changed since, the result is a `ConflictError`.',
  authScopes: { editor: true },
});

const recordByName = (type: RecordTypeName): string =>
  recordTypes[recordTypeByName[type]].slugSpace
    ? 'The record, by id or slug.'
    : 'The record, by id.';

for (const type of Object.keys(recordTypeByName) as RecordTypeName[]) {
  const { create, update: changes } = recordInputs[type];
  builder.mutationFields((t) => ({
    [`create${type}`]: t.field({
      type: recordResults[type],
      costs: { weight: changeWeight },
      description: `Creates ${withArticle(wordsOf(type))}.`,
      args: {
        input: t.arg({ type: create, required: true, description: 'Its fields.' }),
        ...publicationStatusArg(),
        ...changeArgs(),
      },
      resolve: async (_root, { input, publicationStatus, ...args }, context) =>
        changeOne(context, creation('create', type, input, publicationStatus), args),
    }),
    [`update${type}`]: t.field({
      type: recordResults[type],
      costs: { weight: changeWeight },
      description: `Changes ${withArticle(wordsOf(type))}. An omitted field is unchanged, null clears a field.`,
      args: {
        ...idArg(recordByName(type)),
        input: t.arg({ type: changes, required: true, description: 'The changes.' }),
        ...expectedRevisionArg(),
        ...changeArgs(),
      },
      resolve: async (_root, { id, input, expectedRevision, ...args }, context) =>
        changeOne(context, update(type, id, input, expectedRevision), args),
    }),
    [`upsert${type}`]: t.field({
      type: recordResults[type],
      costs: { weight: changeWeight },
      description: `Creates ${withArticle(wordsOf(type))} or changes the existing one with the same slug (of a fact: with the same key fields). For scripts.`,
      args: {
        input: t.arg({ type: create, required: true, description: 'Its fields.' }),
        ...publicationStatusArg(),
        ...expectedRevisionArg(),
        ...changeArgs(),
      },
      resolve: async (_root, { input, publicationStatus, expectedRevision, ...args }, context) =>
        changeOne(
          context,
          creation('upsert', type, input, publicationStatus, expectedRevision),
          args,
        ),
    }),
  }));
}

const anyRecord =
  'The record, by id or slug. A slug that an entity, an article and an event share is ambiguous: use the id.';

const lifecycle = {
  restore: 'Restores a deleted record.',
  publish: 'Publishes a draft: it becomes visible to all clients.',
} as const;

for (const kind of ['restore', 'publish'] as const) {
  builder.mutationField(kind, (t) =>
    t.field({
      type: RecordResult,
      costs: { weight: changeWeight },
      description: lifecycle[kind],
      args: { ...idArg(anyRecord), ...expectedRevisionArg(), ...changeArgs() },
      resolve: async (_root, { id, expectedRevision, ...args }, context) =>
        changeOne(context, lifecycleEdit(kind, id, expectedRevision), args),
    }),
  );
}

builder.mutationFields((t) => ({
  delete: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description: 'Deletes a record: it is no longer visible, and `restore` brings it back.',
    args: {
      ...idArg(anyRecord),
      ...expectedRevisionArg(),
      ...changeArgs(),
      reason: t.arg.string({ required: true, description: 'The reason, for the history.' }),
    },
    resolve: async (_root, { id, expectedRevision, ...args }, context) =>
      changeOne(context, lifecycleEdit('delete', id, expectedRevision), args),
  }),
  reject: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description:
      'Rejects a draft: it is deleted and leaves the review queue; `restore` brings it back.',
    args: {
      ...idArg('The draft, by id or slug.'),
      ...expectedRevisionArg(),
      ...changeArgs(),
      reason: t.arg.string({
        required: true,
        description: 'The reason, for its author and the history.',
      }),
    },
    resolve: async (_root, { id, expectedRevision, ...args }, context) =>
      changeOne(context, lifecycleEdit('reject', id, expectedRevision), args),
  }),
  cite: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description:
      'Adds a passage of an article as a reference to a record. The passage must occur in the body of the article; if it does not, the error contains the most similar one. Example: `cite(input: { target: "nato", article: "nato-to-open-first-asian-office-in-japan", exact: "NATO" })`.',
    args: {
      input: t.arg({ type: CiteInput, required: true, description: 'The passage and the record.' }),
      ...expectedRevisionArg(),
      ...changeArgs(),
    },
    resolve: async (_root, { input, expectedRevision, ...args }, context) =>
      changeOne(context, citation(input as unknown as CiteArgs, expectedRevision), args),
  }),
  withdraw: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description: 'Withdraws a reference: the passage no longer supports the record.',
    args: { ...idArg('The reference, by id.'), ...changeArgs() },
    resolve: async (_root, { id, ...args }, context) => changeOne(context, withdrawal(id), args),
  }),
  merge: t.field({
    type: MergeResult,
    costs: { weight: changeWeight },
    description:
      'Merges two records of the same thing. Names, identifiers, facts and references of one are moved to the other; its id and slug lead there. `undo` reverses the merge. Example: `merge(from: "nato-2", into: "nato", reason: "entered twice")`.',
    args: {
      from: t.arg.id({
        required: true,
        description: 'The record that is merged and removed, by id or slug.',
      }),
      into: t.arg.id({ required: true, description: 'The record that remains, by id or slug.' }),
      ...changeArgs(),
    },
    resolve: async (_root, { from, into, ...args }, context) =>
      changeOne(context, merging(from, into), args),
  }),
  revert: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description: 'Reverts a record to its state after one of its revisions.',
    args: {
      ...idArg(anyRecord),
      toRevision: t.arg.int({ required: true, description: 'The `number` of the revision.' }),
      ...expectedRevisionArg(),
      ...changeArgs(),
    },
    resolve: async (_root, { id, toRevision, expectedRevision, ...args }, context) =>
      changeOne(context, reversion(id, toRevision, expectedRevision), args),
  }),
  undo: t.field({
    type: UndoResult,
    costs: { weight: changeWeight, items: () => maxListed },
    description:
      'Reverses a whole change, such as a merge or a batch; rejected if a part of it has been changed again since. Example: `undo(changeId: "CHG_…", reason: "wrong article")`.',
    args: {
      changeId: t.arg.id({
        required: true,
        description: 'The `changeId` of a payload, or the `id` of the change of a revision.',
      }),
      ...changeArgs(),
    },
    resolve: async (_root, { changeId, ...args }, context) =>
      changeOne(context, undoing(changeId), args),
  }),
}));
