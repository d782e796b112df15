/** The mutations of records: create, update, upsert, delete, restore, cite, merge, revert, undo. */
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { builder } from '../builder.js';
import { changeWeight } from '../costs.js';
import { badInput } from '../errors.js';
import { changeArgs, expectedRevisionArg, idArg, isDraftArg, target } from './arguments.js';
import {
  change,
  changeOne,
  citation,
  creation,
  expected,
  lifecycleEdit,
  merging,
  withdrawal,
} from './edits.js';
import { recordInputs } from './inputs.js';
import { MergeResult, RecordResult, recordResults } from './payloads.js';
import { type RecordTypeName, recordTypeByName } from '../../knowledge/model/recordTypes.js';

builder.mutationType({
  description:
    'Mutations, for editors. Each is one transaction, is recorded in the history, and returns a payload or a typed error.',
  authScopes: { editor: true },
});

for (const type of Object.keys(recordTypeByName) as RecordTypeName[]) {
  const { create, update } = recordInputs[type];
  builder.mutationFields((t) => ({
    [`create${type}`]: t.field({
      type: recordResults[type],
      costs: { weight: changeWeight },
      description: `Creates ${withArticle(wordsOf(type))}.`,
      args: {
        input: t.arg({ type: create, required: true, description: 'Its fields.' }),
        ...isDraftArg(),
        ...changeArgs(),
      },
      resolve: (_root, { input, isDraft, ...args }, context) =>
        changeOne(context, creation('create', type, input, isDraft), args),
    }),
    [`update${type}`]: t.field({
      type: recordResults[type],
      costs: { weight: changeWeight },
      description: `Changes ${withArticle(wordsOf(type))}. An omitted field is unchanged, null clears a field.`,
      args: {
        ...idArg('The record.'),
        input: t.arg({ type: update, required: true, description: 'The changes.' }),
        ...expectedRevisionArg(),
        ...changeArgs(),
      },
      resolve: (_root, { id, input, expectedRevision, ...args }, context) =>
        changeOne(context, change(type, id, input, expectedRevision), args),
    }),
    [`upsert${type}`]: t.field({
      type: recordResults[type],
      costs: { weight: changeWeight },
      description: `Creates ${withArticle(wordsOf(type))} or changes the existing one with the same slug (of a fact: with the same key fields). For scripts.`,
      args: {
        input: t.arg({ type: create, required: true, description: 'Its fields.' }),
        ...isDraftArg(),
        ...expectedRevisionArg(),
        ...changeArgs(),
      },
      resolve: (_root, { input, isDraft, expectedRevision, ...args }, context) =>
        changeOne(
          context,
          { ...creation('upsert', type, input, isDraft), ...expected(expectedRevision) },
          args,
        ),
    }),
  }));
}

const lifecycle = {
  restore: 'Restores a deleted record.',
  publish: 'Publishes a draft: it becomes visible to all clients.',
} as const;

for (const [kind, description] of Object.entries(lifecycle)) {
  builder.mutationField(kind, (t) =>
    t.field({
      type: RecordResult,
      costs: { weight: changeWeight },
      description,
      args: { ...idArg('The record.'), ...expectedRevisionArg(), ...changeArgs() },
      resolve: (_root, { id, expectedRevision, ...args }, context) =>
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
      ...idArg('The record.'),
      ...expectedRevisionArg(),
      ...changeArgs(),
      reason: t.arg.string({ required: true, description: 'The reason, for the history.' }),
    },
    resolve: (_root, { id, expectedRevision, ...args }, context) =>
      changeOne(context, lifecycleEdit('delete', id, expectedRevision), args),
  }),
  reject: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description:
      'Rejects a draft: it is deleted and leaves the review queue; `restore` brings it back.',
    args: {
      ...idArg('The draft.'),
      ...expectedRevisionArg(),
      ...changeArgs(),
      reason: t.arg.string({
        required: true,
        description: 'The reason, for its author and the history.',
      }),
    },
    resolve: (_root, { id, expectedRevision, ...args }, context) =>
      changeOne(context, { kind: 'reject', target: target(id, 'id', expectedRevision) }, args),
  }),
  cite: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description:
      'Adds a passage of an article as a reference to a record. The passage must occur in the body of the article; if it does not, the error contains the most similar one.',
    args: {
      target: t.arg.id({
        required: true,
        description: "The record, or an office's status, by id.",
      }),
      article: t.arg.string({ required: true, description: 'The article, by id or slug.' }),
      exact: t.arg.string({
        description:
          'The passage, as in the article; quotation marks, dashes and spaces may be typed plainly. Without it, a passage is rejected with a `ValidationError`.',
      }),
      prefix: t.arg.string({
        description: 'The text before the passage, needed if `exact` occurs more than once.',
      }),
      suffix: t.arg.string({
        description: 'The text after the passage, needed if `exact` occurs more than once.',
      }),
      field: t.arg.string({ description: 'The field that the passage supports.' }),
      ...expectedRevisionArg(),
      ...changeArgs(),
    },
    resolve: (_root, { reason, idempotencyKey, ...args }, context) =>
      changeOne(context, citation(args), { reason, idempotencyKey }),
  }),
  withdraw: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description: 'Withdraws a reference: the passage no longer supports the record.',
    args: { ...idArg('The reference.'), ...changeArgs() },
    resolve: (_root, { id, ...args }, context) => changeOne(context, withdrawal(id), args),
  }),
  merge: t.field({
    type: MergeResult,
    costs: { weight: changeWeight },
    description:
      'Merges two records of the same thing. Names, identifiers, facts and references of one are moved to the other; its id and slug lead there. `undo` reverses the merge.',
    args: {
      from: t.arg.id({ required: true, description: 'The record that is merged and removed.' }),
      into: t.arg.id({ required: true, description: 'The record that remains.' }),
      ...changeArgs(),
    },
    resolve: (_root, { from, into, ...args }, context) =>
      changeOne(context, merging(from, into), args),
  }),
  revert: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description: 'Reverts a record to its state after one of its revisions.',
    args: {
      ...idArg('The record.'),
      to: t.arg.int({ required: true, description: 'The number of the revision.' }),
      ...expectedRevisionArg(),
      ...changeArgs(),
    },
    resolve: (_root, { id, to, expectedRevision, ...args }, context) =>
      changeOne(context, { kind: 'revert', target: target(id, 'id', expectedRevision), to }, args),
  }),
  undo: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description:
      'Reverses a whole change, such as a merge or a batch; rejected if a part of it has been changed again since.',
    args: {
      change: t.arg.id({ required: true, description: 'The `changeId` of a payload or revision.' }),
      ...changeArgs(),
    },
    resolve: (_root, { change: id, ...args }, context) => {
      if (!uuid.test(id)) throw badInput('change', 'must be the changeId of a payload or revision');
      return changeOne(context, { kind: 'undo', changeId: id }, args);
    },
  }),
}));

// Private:

/** The form of a `changeId`. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
