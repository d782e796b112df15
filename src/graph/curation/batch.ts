/** Many edits in one mutation: all of them or none. */
import type { Edit } from '../../knowledge/curation/edit.js';
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { changeWeight } from '../costs.js';
import { builder } from '../builder.js';
import { badInput } from '../errors.js';
import { changeArgs, isDraftArg } from './arguments.js';
import {
  author,
  change,
  citation,
  creation,
  lifecycleEdit,
  merging,
  optionsOf,
  withdrawal,
  type CiteArgs,
} from './edits.js';
import { rejected } from './errors.js';
import { recordInputs } from './inputs.js';
import { ChangeResult } from './payloads.js';
import type { Values } from '../../knowledge/model/recordLists.js';
import { type RecordTypeName, recordTypeByName } from '../../knowledge/model/recordTypes.js';

const maxOperations = 100;

const RecordOperation = builder.inputType('RecordOperation', {
  description: 'A record that an operation is about.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Which record.' }),
    expectedRevision: t.int({ description: 'Its `revision` when you read it.' }),
  }),
});

const CiteOperation = builder.inputType('CiteOperation', {
  description: 'A passage to cite in a batch; see the mutation `cite`.',
  fields: (t) => ({
    target: t.id({ required: true, description: "The record, or an office's status, by id." }),
    article: t.string({ required: true, description: 'The article, by id or slug.' }),
    exact: t.string({ required: true, description: 'The words, as they stand in the article.' }),
    prefix: t.string({ description: 'The words before.' }),
    suffix: t.string({ description: 'The words behind.' }),
    field: t.string({ description: 'The field that the passage supports.' }),
  }),
});

const MergeOperation = builder.inputType('MergeOperation', {
  description: 'Two records to merge in a batch.',
  fields: (t) => ({
    from: t.id({ required: true, description: 'The record that goes.' }),
    into: t.id({ required: true, description: 'The record that stays.' }),
  }),
});

const updateOperations = Object.fromEntries(
  (Object.keys(recordTypeByName) as RecordTypeName[]).map((type) => [
    type,
    builder.inputType(`Update${type}Operation`, {
      description: `A change of ${withArticle(wordsOf(type))} in a batch.`,
      fields: (t) => ({
        id: t.id({ required: true, description: 'Which one.' }),
        input: t.field({
          type: recordInputs[type].update,
          required: true,
          description: 'What is to change.',
        }),
        expectedRevision: t.int({ description: 'Its `revision` when you read it.' }),
      }),
    }),
  ]),
);

const Operation = builder.inputType('BatchOperation', {
  description:
    'One of the things that a batch does: exactly one field is given. Records that earlier operations make are named by slug.',
  isOneOf: true,
  fields: (t) =>
    Object.fromEntries([
      ...(Object.keys(recordTypeByName) as RecordTypeName[]).flatMap((type) => [
        [
          `create${type}`,
          t.field({
            type: recordInputs[type].create,
            description: `As the mutation create${type}.`,
          }),
        ],
        [
          `upsert${type}`,
          t.field({
            type: recordInputs[type].create,
            description: `As the mutation upsert${type}.`,
          }),
        ],
        [
          `update${type}`,
          t.field({
            type: updateOperations[type] as InputOf,
            description: `As the mutation update${type}.`,
          }),
        ],
      ]),
      ...['delete', 'restore', 'publish'].map((kind) => [
        kind,
        t.field({ type: RecordOperation, description: `As the mutation ${kind}.` }),
      ]),
      ['cite', t.field({ type: CiteOperation, description: 'As the mutation cite.' })],
      ['withdraw', t.id({ description: 'As the mutation withdraw: the reference.' })],
      ['merge', t.field({ type: MergeOperation, description: 'As the mutation merge.' })],
    ]) as Record<string, ReturnType<typeof t.id>>,
});

builder.mutationField('batch', (t) =>
  t.field({
    type: ChangeResult,
    costs: { perItem: { argument: 'operations', weight: changeWeight } },
    description: `Does up to ${maxOperations} things in one transaction, each seeing what those before it did: all or none.`,
    args: {
      operations: t.arg({ type: [Operation], required: true, description: 'What is to be done.' }),
      ...isDraftArg(),
      ...changeArgs(),
    },
    resolve: async (_root, { operations, isDraft, ...args }, context) => {
      if (operations.length === 0 || operations.length > maxOperations) {
        throw badInput('operations', `must be 1 to ${maxOperations}, but are ${operations.length}`);
      }
      const edits = operations.map((operation) => batched(operation, isDraft));
      try {
        const made = await context.curate(
          edits,
          author(context, args.reason),
          optionsOf(context, args),
        );
        return { __typename: 'ChangePayload' as const, change: made };
      } catch (error) {
        return rejected(error) as never;
      }
    },
  }),
);

// Private:

type InputOf = typeof RecordOperation;

function batched(operation: Values, isDraft: boolean | null | undefined): Edit {
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
