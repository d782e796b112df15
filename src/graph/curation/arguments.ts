/** Arguments that several mutations share. */
import { builder } from '../builder.js';

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
