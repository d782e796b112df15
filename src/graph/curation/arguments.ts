/** The arguments that mutations have in common. */
import { builder } from '../builder.js';

/** What every mutation takes. */
export const changeArgs = () =>
  builder.args((t) => ({
    reason: t.string({ description: 'Why, for the history.' }),
    idempotencyKey: t.string({
      description:
        'A text of your own making, at most 200 characters: the same mutation sent again with it is answered, but not carried out again. Kept for a day.',
    }),
  }));

export const expectedRevisionArg = () =>
  builder.args((t) => ({
    expectedRevision: t.int({
      description:
        "The record's `revision` when you read it: if somebody has changed it since, a `ConflictError` is answered.",
    }),
  }));

export const idArg = (description: string) =>
  builder.args((t) => ({ id: t.id({ required: true, description }) }));

export const isDraftArg = () =>
  builder.args((t) => ({
    isDraft: t.boolean({
      description:
        'Whether a new record is a draft, which only editors see until it is published. Default: false.',
    }),
  }));
