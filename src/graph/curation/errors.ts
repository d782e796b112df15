/** The typed errors of mutations: what a curation error looks like in the schema. */
import { GraphQLError } from 'graphql';
import { ChangeAborted } from '../../knowledge/curation/curate.js';
import { builder } from '../builder.js';
import { AnyRecord } from '../refs.js';
import { loadRecord } from '../relay/node.js';
import type { IssueCode } from '../../knowledge/validation/report.js';
import { describedEnum } from '../values/enum.js';
import { recordTypes } from '../../knowledge/model/recordTypes.js';
import {
  type EditError,
  EditConflict,
  InvalidEdit,
  UnknownRecord,
  type EditIssue,
} from '../../knowledge/validation/editErrors.js';

const MutationError = builder.interfaceRef<EditError>('MutationError').implement({
  description:
    'Why a mutation was not carried out. A mutation is one transaction: nothing was changed, also by the other operations of a batch.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What is wrong and how to correct it.' }),
    operation: t.exposeInt('index', {
      description: 'The index of the operation in a batch, from 0; 0 for other mutations.',
    }),
  }),
});

const IssueCodeEnum = describedEnum<IssueCode>(
  'ValidationIssueCode',
  'The kind of rule that an input breaks.',
  {
    REQUIRED: 'A value is missing.',
    INVALID_VALUE: 'A value is not in the form of its field, such as a date or a slug.',
    TOO_LONG: 'A text or list is too long.',
    OUT_OF_RANGE: 'A number is too small or too large.',
    UNKNOWN_FIELD: 'There is no field of this name.',
    INVALID_ID: 'Neither an id of this API nor a slug.',
    UNKNOWN_RECORD: 'There is no such record.',
    WRONG_TYPE: 'The record is of another type than the argument requires.',
    AMBIGUOUS:
      'A slug is that of several records, or a passage occurs several times in the article.',
    DUPLICATE: 'It exists already, or is given twice: a slug, a name, an identifier, a fact.',
    CONTRADICTION:
      'It contradicts itself or another fact, such as an end before the start, or periods that overlap.',
    NOT_IN_ARTICLE: 'The words do not occur in the body of the article.',
    ERASED: 'It was erased and cannot be added again.',
    WRONG_STATE: 'The record is deleted, merged, a draft or published already.',
    IMMUTABLE: 'The field cannot be changed.',
    LIMIT_EXCEEDED: 'The change is too large.',
    OTHER: 'A rule of the database.',
  },
);

const Issue = builder.objectRef<EditIssue>('ValidationIssue').implement({
  description: 'A rule that the input breaks.',
  fields: (t) => ({
    code: t.expose('code', { type: IssueCodeEnum, description: 'The kind of rule.' }),
    path: t.exposeString('path', {
      description: 'The field at fault. Example: `input.start`, `input.names[0].language`.',
    }),
    message: t.exposeString('message', { description: 'What is wrong and how to correct it.' }),
    nearest: t.stringList({
      description:
        'What was probably meant, the most similar first: slugs, names of fields, or the passage of the article. Empty if nothing is similar.',
      resolve: ({ nearest = [] }) => [...nearest],
    }),
  }),
});

builder.objectType(InvalidEdit, {
  name: 'ValidationError',
  description: 'The input breaks rules. All of them are listed.',
  interfaces: [MutationError],
  fields: (t) => ({
    issues: t.field({
      type: [Issue],
      description: 'The rules that the input breaks.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
});

builder.objectType(EditConflict, {
  name: 'ConflictError',
  description:
    'Another editor has changed the record since it was read: its revision is not `expectedRevision`, or the change to undo was followed by another.',
  interfaces: [MutationError],
  fields: (t) => ({
    current: t.field({
      type: AnyRecord,
      nullable: true,
      description: 'The current record; null if it is deleted.',
      resolve: ({ recordType, id }, _args, context, info) =>
        loadRecord(context, recordTypes[recordType].graphqlName, id, info),
    }),
    revision: t.int({
      description: 'The number of its last revision.',
      resolve: ({ id }, _args, { knowledge, view }) => knowledge.revisionNumbers.of(view, id),
    }),
  }),
});

builder.objectType(UnknownRecord, {
  name: 'NotFoundError',
  description: 'An argument names a record that does not exist.',
  interfaces: [MutationError],
  fields: (t) => ({
    path: t.exposeString('path', { description: 'The argument. Example: `id`.' }),
  }),
});

/** The error types in the result union of every mutation. */
export const editErrors = [InvalidEdit, EditConflict, UnknownRecord] as const;

/**
 * Awaits a change. What `editErrors` lists is thrown on, for the errors plugin to return it.
 *
 * @throws TIMEOUT when the change was aborted
 */
export async function completed<Result>(change: Promise<Result>): Promise<Result> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof ChangeAborted)) throw error;
    throw new GraphQLError(`${error.message}: send it again`, { extensions: { code: 'TIMEOUT' } });
  }
}
