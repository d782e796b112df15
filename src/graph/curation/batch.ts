/** The mutation `batch`: several edits in one transaction. */
import type { Edit } from '../../knowledge/curation/edit.js';
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { changeWeight } from '../costs.js';
import { builder } from '../builder.js';
import { badInput } from '../errors.js';
import { changeArgs, isDraftArg } from './arguments.js';
import {
  change,
  changeAll,
  citation,
  creation,
  lifecycleEdit,
  merging,
  withdrawal,
  type CiteArgs,
} from './edits.js';
import { recordInputs } from './inputs.js';
import { ChangeResult } from './payloads.js';
import type { Values } from '../../knowledge/model/recordLists.js';
import { type RecordTypeName, recordTypeByName } from '../../knowledge/model/recordTypes.js';

const maxOperations = 100;

const RecordOperation = builder.inputType('RecordOperation', {
  description: 'The record of an operation.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The record.' }),
    expectedRevision: t.int({
      description: 'The `revision` of the record when the client read it.',
    }),
  }),
});

const CiteOperation = builder.inputType('CiteOperation', {
  description: 'A passage to cite in a batch; see the mutation `cite`.',
  fields: (t) => ({
    target: t.id({ required: true, description: "The record, or an office's status, by id." }),
    article: t.string({ required: true, description: 'The article, by id or slug.' }),
    exact: t.string({ required: true, description: 'The passage, as in the article.' }),
    prefix: t.string({ description: 'The text before the passage.' }),
    suffix: t.string({ description: 'The text after the passage.' }),
    field: t.string({ description: 'The field that the passage supports.' }),
  }),
});

const MergeOperation = builder.inputType('MergeOperation', {
  description: 'Two records to merge in a batch.',
  fields: (t) => ({
    from: t.id({ required: true, description: 'The record that is merged and removed.' }),
    into: t.id({ required: true, description: 'The record that remains.' }),
  }),
});

const updateOperations = Object.fromEntries(
  (Object.keys(recordTypeByName) as RecordTypeName[]).map((type) => [
    type,
    builder.inputType(`Update${type}Operation`, {
      description: `A change to ${withArticle(wordsOf(type))}, in a batch.`,
      fields: (t) => ({
        id: t.id({ required: true, description: 'The record.' }),
        input: t.field({
          type: recordInputs[type].update,
          required: true,
          description: 'The changes.',
        }),
        expectedRevision: t.int({
          description: 'The `revision` of the record when the client read it.',
        }),
      }),
    }),
  ]),
);

const Operation = builder.inputType('BatchOperation', {
  description:
    'An operation of a batch: exactly one field must be set. Records that earlier operations create are named by slug.',
  isOneOf: true,
  fields: (t) =>
    Object.fromEntries([
      ...(Object.keys(recordTypeByName) as RecordTypeName[]).flatMap((type) => [
        [
          `create${type}`,
          t.field({
            type: recordInputs[type].create,
            description: `Like the mutation create${type}.`,
          }),
        ],
        [
          `upsert${type}`,
          t.field({
            type: recordInputs[type].create,
            description: `Like the mutation upsert${type}.`,
          }),
        ],
        [
          `update${type}`,
          t.field({
            type: updateOperations[type] as InputOf,
            description: `Like the mutation update${type}.`,
          }),
        ],
      ]),
      ...['delete', 'restore', 'publish'].map((kind) => [
        kind,
        t.field({ type: RecordOperation, description: `Like the mutation ${kind}.` }),
      ]),
      ['cite', t.field({ type: CiteOperation, description: 'Like the mutation cite.' })],
      ['withdraw', t.id({ description: 'Like the mutation withdraw: the reference.' })],
      ['merge', t.field({ type: MergeOperation, description: 'Like the mutation merge.' })],
    ]) as Record<string, ReturnType<typeof t.id>>,
});

builder.mutationField('batch', (t) =>
  t.field({
    type: ChangeResult,
    costs: { perItem: { argument: 'operations', weight: changeWeight } },
    description: `Carries out up to ${maxOperations} operations in one transaction, all or none. Each sees the results of the earlier ones.`,
    args: {
      operations: t.arg({ type: [Operation], required: true, description: 'The operations.' }),
      ...isDraftArg(),
      ...changeArgs(),
    },
    resolve: (_root, { operations, isDraft, ...args }, context) => {
      if (operations.length === 0 || operations.length > maxOperations) {
        throw badInput('operations', `must be 1 to ${maxOperations}, but are ${operations.length}`);
      }
      const edits = operations.map((operation) => editOf(operation, isDraft));
      return changeAll(context, edits, args);
    },
  }),
);

// Private:

type InputOf = typeof RecordOperation;

function editOf(operation: Values, isDraft: boolean | null | undefined): Edit {
  const [name = '', value] =
    Object.entries(operation).find(([, each]) => each !== null && each !== undefined) ?? [];
  const [, verb, type] = /^(create|upsert|update)([A-Z]\w+)$/.exec(name) ?? [];
  if (verb === 'update') {
    const { id, input, expectedRevision } = value as {
      id: string;
      input: Values;
      expectedRevision?: number | null;
    };
    return change(type as RecordTypeName, id, input, expectedRevision);
  }
  if (verb) return creation(verb as 'create', type as RecordTypeName, value as Values, isDraft);
  if (name === 'cite') return citation(value as CiteArgs);
  if (name === 'withdraw') return withdrawal(value as string);
  if (name === 'merge') {
    const { from, into } = value as { from: string; into: string };
    return merging(from, into);
  }
  const { id, expectedRevision } = value as { id: string; expectedRevision?: number | null };
  return lifecycleEdit(name, id, expectedRevision);
}
