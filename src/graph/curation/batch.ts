/** The mutation `batch`: several edits in one transaction. */
import { capitalized, withArticle, wordsOf } from '../../knowledge/values/english.js';
import { EditError, invalid } from '../../knowledge/validation/editErrors.js';
import type { Values } from '../../knowledge/model/recordLists.js';
import { type RecordTypeName, recordTypeNames } from '../../knowledge/model/recordTypes.js';
import { changeWeight } from '../costs.js';
import { builder } from '../builder.js';
import { changeArgs, publicationStatusArg } from './arguments.js';
import {
  changeAll,
  citation,
  creation,
  isOfChange,
  lifecycleEdit,
  merging,
  renamed,
  reversion,
  update,
  withdrawal,
  type CiteArgs,
  type LifecycleKind,
  type PreparedEdit,
} from './edits.js';
import { CiteInput, recordInputs } from './inputs.js';
import { BatchResult } from './payloads.js';

const maxOperations = 100;

const expectedRevision = { description: 'The `revision` of the record when the client read it.' };

const RecordOperation = builder.inputType('RecordOperation', {
  description: 'The record of an operation.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The record, by id or slug.' }),
    expectedRevision: t.int(expectedRevision),
  }),
});

const RevertOperation = builder.inputType('RevertOperation', {
  description: 'A record to revert in a batch; see the mutation `revert`.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The record, by id or slug.' }),
    toRevision: t.int({ required: true, description: 'The `number` of the revision.' }),
    expectedRevision: t.int(expectedRevision),
  }),
});

const MergeOperation = builder.inputType('MergeOperation', {
  description: 'Two records to merge in a batch.',
  fields: (t) => ({
    from: t.id({
      required: true,
      description: 'The record that is merged and removed, by id or slug.',
    }),
    into: t.id({ required: true, description: 'The record that remains, by id or slug.' }),
  }),
});

const operationTypes = Object.fromEntries(
  recordTypeNames.map((type) => [
    type,
    {
      update: builder.inputType(`Update${type}Operation`, {
        description: `A change to ${withArticle(wordsOf(type))}, in a batch.`,
        fields: (t) => ({
          id: t.id({ required: true, description: 'The record, by id or slug.' }),
          input: t.field({
            type: recordInputs[type].update,
            required: true,
            description: 'The changes.',
          }),
          expectedRevision: t.int(expectedRevision),
        }),
      }),
      upsert: builder.inputType(`Upsert${type}Operation`, {
        description: `${capitalized(withArticle(wordsOf(type)))} to create or change, in a batch.`,
        fields: (t) => ({
          input: t.field({
            type: recordInputs[type].create,
            required: true,
            description: 'Its fields.',
          }),
          expectedRevision: t.int(expectedRevision),
        }),
      }),
    },
  ]),
);

const Operation = builder.inputType('BatchOperation', {
  description:
    'An operation of a batch: exactly one field must be set. Records that earlier operations create are named by slug.',
  isOneOf: true,
  fields: (t) =>
    Object.fromEntries([
      ...recordTypeNames.flatMap((type) => [
        [
          `create${type}`,
          t.field({
            type: recordInputs[type].create,
            description: `Like the mutation create${type}.`,
          }),
        ],
        ...(['upsert', 'update'] as const).map((verb) => [
          `${verb}${type}`,
          t.field({
            type: operationTypes[type]?.[verb] as InputOf,
            description: `Like the mutation ${verb}${type}.`,
          }),
        ]),
      ]),
      ...['delete', 'restore', 'publish', 'reject'].map((kind) => [
        kind,
        t.field({
          type: RecordOperation,
          description: `Like the mutation ${kind}${isDeletion(kind) ? '; needs the `reason` of the batch' : ''}.`,
        }),
      ]),
      ['revert', t.field({ type: RevertOperation, description: 'Like the mutation revert.' })],
      ['cite', t.field({ type: CiteInput, description: 'Like the mutation cite.' })],
      ['withdraw', t.id({ description: 'Like the mutation withdraw: the reference.' })],
      ['merge', t.field({ type: MergeOperation, description: 'Like the mutation merge.' })],
    ]) as Record<string, ReturnType<typeof t.id>>,
});

builder.mutationField('batch', (t) =>
  t.field({
    type: BatchResult,
    costs: {
      perItem: { argument: 'operations', weight: changeWeight },
      items: (argument) => argument('operations'),
    },
    description: `Carries out up to ${maxOperations} operations in one transaction, all or none. Each sees the results of the earlier ones, and can name by slug what they have created. Example: \`batch(operations: [{ createPerson: { slug: "ann", name: "Ann" } }, { createPosition: { person: "ann", organization: "nato", title: "Envoy", kind: OFFICIAL } }])\`.`,
    args: {
      operations: t.arg({ type: [Operation], required: true, description: 'The operations.' }),
      ...publicationStatusArg(),
      ...changeArgs(),
    },
    resolve: async (_root, { operations, publicationStatus, ...args }, context) => {
      if (operations.length === 0 || operations.length > maxOperations) {
        const message = `must be 1 to ${maxOperations}, but are ${operations.length}`;
        throw invalid('operations', 'LIMIT_EXCEEDED', message);
      }
      const edits = operations.map((operation, i) => prepare(operation, i, publicationStatus));
      return changeAll(context, edits, args);
    },
  }),
);

// Private:

type InputOf = typeof RecordOperation;

type PublicationStatusValue = Parameters<typeof creation>[3];

const isDeletion = (kind: string): boolean => kind === 'delete' || kind === 'reject';

/** The edit of an operation, whose issues have the path `operations[1].updatePerson.id`. */
function prepare(
  operation: Values,
  index: number,
  publicationStatus: PublicationStatusValue,
): PreparedEdit {
  const [name = '', value] =
    Object.entries(operation).find(([, each]) => each !== null && each !== undefined) ?? [];
  const pathOf = (path: string): string =>
    isOfChange(path) ? path : pathIn(`operations[${index}].${name}`, path);
  try {
    const { edit, pathOf: own = (path: string) => path } = editOf(name, value, publicationStatus);
    return { edit, pathOf: (path) => pathOf(own(path)) };
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    error.index = index;
    throw renamed(error, pathOf);
  }
}

/** Some operations are the input of their mutation, or the id itself. */
function pathIn(operation: string, path: string): string {
  const isInput = /\.(create\w+|cite|withdraw)$/.test(operation);
  const within = isInput ? path.replace(/^(input|id)\b\.?/, '') : path;
  if (within === '') return operation;
  return within.startsWith('[') ? operation + within : `${operation}.${within}`;
}

function editOf(
  name: string,
  value: unknown,
  publicationStatus: PublicationStatusValue,
): PreparedEdit {
  const [, verb, type] = /^(create|upsert|update)([A-Z]\w+)$/.exec(name) ?? [];
  const typeName = type as RecordTypeName;
  if (verb === 'create') return creation(verb, typeName, value as Values, publicationStatus);
  if (name === 'cite') return citation(value as CiteArgs);
  if (name === 'withdraw') return withdrawal(value as string);
  const { id, input, from, into, toRevision, expectedRevision: revision } = value as OperationValue;
  if (verb === 'upsert') return creation(verb, typeName, input, publicationStatus, revision);
  if (verb === 'update') return update(typeName, id, input, revision);
  if (name === 'merge') return merging(from, into);
  if (name === 'revert') return reversion(id, toRevision, revision);
  return lifecycleEdit(name as LifecycleKind, id, revision);
}

/** The fields of all operations; each has those of its input type. */
interface OperationValue {
  id: string;
  input: Values;
  from: string;
  into: string;
  toRevision: number;
  expectedRevision?: number | null;
}
