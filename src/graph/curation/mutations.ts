/** The mutations: one way to make, change and take back every kind of record. */
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { builder } from '../builder.js';
import { changeWeight } from '../costs.js';
import { badInput } from '../errors.js';
import { changeArgs, expectedRevisionArg, idArg, isDraftArg } from './arguments.js';
import {
  change,
  citation,
  creation,
  expected,
  lifecycleEdit,
  merging,
  one,
  withdrawal,
} from './edits.js';
import { recordInputs } from './inputs.js';
import { target } from './target.js';
import { MergeResult, RecordResult, recordResults } from './payloads.js';
import { type RecordTypeName, recordTypeByName } from '../../knowledge/model/recordTypes.js';

builder.mutationType({
  description:
    'What editors change. Each mutation is one transaction, is written into history, and answers with a payload or with a typed error.',
  authScopes: { editor: true },
});

for (const type of Object.keys(recordTypeByName) as RecordTypeName[]) {
  const { create, update } = recordInputs[type];
  builder.mutationFields((t) => ({
    [`create${type}`]: t.field({
      type: recordResults[type],
      costs: { weight: changeWeight },
      description: `Makes a new ${wordsOf(type)}.`,
      args: {
        input: t.arg({ type: create, required: true, description: 'What it says.' }),
        ...isDraftArg(),
        ...changeArgs(),
      },
      resolve: (_root, { input, isDraft, ...args }, context) =>
        one(context, `${type}Payload`, creation('create', type, input, isDraft), args),
    }),
    [`update${type}`]: t.field({
      type: recordResults[type],
      costs: { weight: changeWeight },
      description: `Changes ${withArticle(wordsOf(type))}: a field left out stays as it is, null clears it.`,
      args: {
        ...idArg('Which one.'),
        input: t.arg({ type: update, required: true, description: 'What is to change.' }),
        ...expectedRevisionArg(),
        ...changeArgs(),
      },
      resolve: (_root, { id, input, expectedRevision, ...args }, context) =>
        one(context, `${type}Payload`, change(type, id, input, expectedRevision), args),
    }),
    [`upsert${type}`]: t.field({
      type: recordResults[type],
      costs: { weight: changeWeight },
      description: `Makes ${withArticle(wordsOf(type))} or, where there is one with its slug (a fact: one that says the same), changes it. For scripts.`,
      args: {
        input: t.arg({ type: create, required: true, description: 'What it says.' }),
        ...isDraftArg(),
        ...expectedRevisionArg(),
        ...changeArgs(),
      },
      resolve: (_root, { input, isDraft, expectedRevision, ...args }, context) =>
        one(
          context,
          `${type}Payload`,
          { ...creation('upsert', type, input, isDraft), ...expected(expectedRevision) },
          args,
        ),
    }),
  }));
}

const lifecycle = {
  restore: 'Brings a deleted record back.',
  publish: 'Publishes a draft: from now on everybody sees it.',
} as const;

for (const [kind, description] of Object.entries(lifecycle)) {
  builder.mutationField(kind, (t) =>
    t.field({
      type: RecordResult,
      costs: { weight: changeWeight },
      description,
      args: { ...idArg('Which record.'), ...expectedRevisionArg(), ...changeArgs() },
      resolve: (_root, { id, expectedRevision, ...args }, context) =>
        one(context, 'RecordPayload', lifecycleEdit(kind, id, expectedRevision), args),
    }),
  );
}

builder.mutationFields((t) => ({
  delete: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description: 'Deletes a record, softly: it is seen no more, and `restore` brings it back.',
    args: {
      ...idArg('Which record.'),
      ...expectedRevisionArg(),
      ...changeArgs(),
      reason: t.arg.string({ required: true, description: 'Why, for the history.' }),
    },
    resolve: (_root, { id, expectedRevision, ...args }, context) =>
      one(context, 'RecordPayload', lifecycleEdit('delete', id, expectedRevision), args),
  }),
  reject: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description: 'Turns a draft down: it is deleted, softly, and leaves the review queue.',
    args: {
      ...idArg('Which draft.'),
      ...expectedRevisionArg(),
      ...changeArgs(),
      reason: t.arg.string({ required: true, description: 'Why, for its author and the history.' }),
    },
    resolve: (_root, { id, expectedRevision, ...args }, context) =>
      one(
        context,
        'RecordPayload',
        { kind: 'reject', target: target(id, 'id', expectedRevision) },
        args,
      ),
  }),
  cite: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description:
      'Has a record rest on a passage of an article. The passage is looked for in its body; where it is not there, the error offers the nearest one.',
    args: {
      target: t.arg.id({
        required: true,
        description: "The record, or an office's status, by id.",
      }),
      article: t.arg.string({ required: true, description: 'The article, by id or slug.' }),
      exact: t.arg.string({
        required: true,
        description:
          'The words, as they stand in the article; marks and spaces may be typed plainly.',
      }),
      prefix: t.arg.string({ description: 'The words before, where `exact` occurs repeatedly.' }),
      suffix: t.arg.string({ description: 'The words behind, where `exact` occurs repeatedly.' }),
      field: t.arg.string({ description: 'The field that the passage supports.' }),
      ...expectedRevisionArg(),
      ...changeArgs(),
    },
    resolve: (_root, { reason, idempotencyKey, ...args }, context) =>
      one(context, 'RecordPayload', citation(args), { reason, idempotencyKey }),
  }),
  withdraw: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description: 'Takes a reference back: the record rests on that passage no more.',
    args: { ...idArg('The reference.'), ...changeArgs() },
    resolve: (_root, { id, ...args }, context) =>
      one(context, 'RecordPayload', withdrawal(id), args),
  }),
  merge: t.field({
    type: MergeResult,
    costs: { weight: changeWeight },
    description:
      'Makes one of two records of the same thing. Names, identifiers, facts and references of the one go over to the other; its id and slug lead there. `undo` takes it back.',
    args: {
      from: t.arg.id({ required: true, description: 'The record that goes.' }),
      into: t.arg.id({ required: true, description: 'The record that stays.' }),
      ...changeArgs(),
    },
    resolve: (_root, { from, into, ...args }, context) =>
      one(context, 'MergePayload', merging(from, into), args),
  }),
  revert: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description: 'Makes a record what it was after one of its revisions.',
    args: {
      ...idArg('Which record.'),
      to: t.arg.int({ required: true, description: 'The number of the revision.' }),
      ...expectedRevisionArg(),
      ...changeArgs(),
    },
    resolve: (_root, { id, to, expectedRevision, ...args }, context) =>
      one(
        context,
        'RecordPayload',
        { kind: 'revert', target: target(id, 'id', expectedRevision), to },
        args,
      ),
  }),
  undo: t.field({
    type: RecordResult,
    costs: { weight: changeWeight },
    description:
      'Takes back all that one change did, a merge or a batch, say; refused where something of it was changed again since.',
    args: {
      change: t.arg.id({ required: true, description: 'The `changeId` of a payload or revision.' }),
      ...changeArgs(),
    },
    resolve: (_root, { change: id, ...args }, context) => {
      if (!uuid.test(id)) throw badInput('change', 'must be the changeId of a payload or revision');
      return one(context, 'RecordPayload', { kind: 'undo', changeId: id }, args);
    },
  }),
}));

// Private:

/** What a change is known by. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
