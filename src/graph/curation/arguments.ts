/** Arguments that several mutations share. */
import { builder } from '../builder.js';
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { badInput } from '../errors.js';
import { decodeGlobalId, type NodeType } from '../relay/globalId.js';
import { type RecordTypeName, recordTypeByName } from '../../knowledge/model/recordTypes.js';
import type { Target } from '../../knowledge/history/target.js';

/** The arguments of every mutation. */
export const changeArgs = () =>
  builder.args((t) => ({
    reason: t.string({ description: 'The reason, for the history.' }),
    idempotencyKey: t.string({
      description:
        'A key that the client chooses, at most 200 characters: a mutation sent again with the same key returns the first result and is not carried out again. Keys are kept for a day.',
    }),
  }));

export const expectedRevisionArg = () =>
  builder.args((t) => ({
    expectedRevision: t.int({
      description:
        'The `revision` of the record when the client read it. If the record has changed since, the result is a `ConflictError`.',
    }),
  }));

export const idArg = (description: string) =>
  builder.args((t) => ({ id: t.id({ required: true, description }) }));

export const isDraftArg = () =>
  builder.args((t) => ({
    isDraft: t.boolean({
      description:
        'Whether a new record is a draft, visible to editors only until it is published. Default: false.',
    }),
  }));

/**
 * The record of a global id.
 *
 * @throws BAD_USER_INPUT for a type of record that cannot be edited
 */
export function target(id: string, argument: string, expectedRevision?: number | null): Target {
  const { type, id: key } = decodeGlobalId(id, argument);
  if (!isEditable(type)) {
    throw badInput(
      argument,
      `must be the id of a record, but is that of ${withArticle(wordsOf(type))}`,
    );
  }
  return {
    recordType: recordTypeByName[type],
    name: { id: key },
    ...(typeof expectedRevision === 'number' && { expectedRevision }),
  };
}

// Private:

const isEditable = (type: NodeType): type is RecordTypeName => type in recordTypeByName;
