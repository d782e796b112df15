/** What a mutation answers in place of its payload when it is not carried out. */
import { GraphQLError } from 'graphql';
import { ChangeAborted } from '../../knowledge/curation/curate.js';
import { builder } from '../builder.js';
import { Node } from '../refs.js';
import { loadNode } from '../relay/node.js';
import { selectedColumns } from '../relay/selection.js';
import { recordTypes } from '../../knowledge/model/recordTypes.js';
import {
  type EditError,
  EditConflict,
  InvalidEdit,
  UnknownRecord,
  type EditIssue,
} from '../../knowledge/validation/editErrors.js';

export interface RejectedEdit {
  __typename: 'ValidationError' | 'ConflictError' | 'NotFoundError';
  error: EditError;
}

export const MutationError = builder.interfaceRef<RejectedEdit>('MutationError').implement({
  description:
    'Why a mutation was not carried out. Nothing of it was, of a batch not the others either.',
  resolveType: ({ __typename }) => __typename,
  fields: (t) => ({
    message: t.string({
      description: 'What is wrong, in words, and what to do.',
      resolve: ({ error }) => error.message,
    }),
    operation: t.int({
      description: 'Which operation of a batch, from 0; 0 for a single one.',
      resolve: ({ error }) => error.index,
    }),
  }),
});

const Issue = builder.objectRef<EditIssue>('ValidationIssue').implement({
  description: 'One thing that is wrong with what was sent.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description: 'Where it is. Example: `input.start`, `input.names[0].language`.',
    }),
    message: t.exposeString('message', { description: 'What is wrong and what to do.' }),
  }),
});

export const ValidationError = builder
  .objectRef<RejectedEdit & { error: InvalidEdit }>('ValidationError')
  .implement({
    description: 'What was sent breaks rules; all of them are told.',
    interfaces: [MutationError],
    fields: (t) => ({
      issues: t.field({
        type: [Issue],
        description: 'Everything that is wrong.',
        resolve: ({ error }) => [...error.issues],
      }),
    }),
  });

export const ConflictError = builder
  .objectRef<RejectedEdit & { error: EditConflict }>('ConflictError')
  .implement({
    description:
      'Somebody else has changed the record since it was read: it is not in `expectedRevision`, or what is to be undone was changed again.',
    interfaces: [MutationError],
    fields: (t) => ({
      current: t.field({
        type: Node,
        nullable: true,
        description: 'The record as it is now; null where it is deleted.',
        resolve: ({ error: { recordType, id } }, _args, context, info) =>
          loadNode(context, recordTypes[recordType].graphqlName, id, selectedColumns(info)),
      }),
      revision: t.int({
        description: 'The number of its last revision.',
        resolve: ({ error }, _args, { knowledge, view }) =>
          knowledge.revisionNumbers.of(view, error.id),
      }),
    }),
  });

export const NotFoundError = builder
  .objectRef<RejectedEdit & { error: UnknownRecord }>('NotFoundError')
  .implement({
    description: 'What an argument names is not there.',
    interfaces: [MutationError],
    fields: (t) => ({
      path: t.string({
        description: 'The argument. Example: `id`.',
        resolve: ({ error }) => error.path,
      }),
    }),
  });

/** The error as a mutation answers it; others are thrown on. */
export function rejected(error: unknown): RejectedEdit {
  if (error instanceof InvalidEdit) return { __typename: 'ValidationError', error };
  if (error instanceof EditConflict) return { __typename: 'ConflictError', error };
  if (error instanceof UnknownRecord) return { __typename: 'NotFoundError', error };
  if (error instanceof ChangeAborted) {
    throw new GraphQLError(`${error.message}: send it again`, { extensions: { code: 'TIMEOUT' } });
  }
  throw error;
}
