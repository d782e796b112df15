/** Arguments that several mutations share. */
import { builder } from '../builder.js';
import { PublicationStatus } from '../record.js';

/** The arguments of every mutation. */
export const changeArgs = () =>
  builder.args((t) => ({
    reason: t.string({ description: 'The reason, for the history.' }),
    idempotencyKey: t.string({
      description: 'A key of the client, so that the mutation can be sent again safely.',
    }),
    dryRun: t.boolean({
      defaultValue: false,
      description: 'Whether only to check and compute the change.',
    }),
  }));

export const expectedRevisionArg = () =>
  builder.args((t) => ({
    expectedRevision: t.int({
      description:
        'The `revision` that the client read; if it has changed, a `ConflictError` results.',
    }),
  }));

export const idArg = (description: string) =>
  builder.args((t) => ({ id: t.id({ required: true, description }) }));

export const publicationStatusArg = () =>
  builder.args((t) => ({
    publicationStatus: t.field({
      type: PublicationStatus,
      defaultValue: 'PUBLISHED',
      description: 'To whom a new record is visible; an existing one keeps its status.',
    }),
  }));
