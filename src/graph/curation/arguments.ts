/** Arguments that several mutations share. */
import { builder } from '../builder.js';
import { PublicationStatus } from '../record.js';

/** The arguments of every mutation. */
export const changeArgs = () =>
  builder.args((t) => ({
    reason: t.string({ description: 'The reason, for the history.' }),
    idempotencyKey: t.string({
      description:
        'A key that the client chooses, at most 200 characters: a mutation sent again with the same key returns the first result and is not carried out again. Keys are kept for a day.',
    }),
    dryRun: t.boolean({
      defaultValue: false,
      description:
        'Whether to check and compute the change without making it; the payload says what it would be. `idempotencyKey` is ignored then.',
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

export const publicationStatusArg = () =>
  builder.args((t) => ({
    publicationStatus: t.field({
      type: PublicationStatus,
      defaultValue: 'PUBLISHED',
      description:
        'To whom a new record is visible: a draft to editors only, until `publish`. It does not change a record that exists.',
    }),
  }));
