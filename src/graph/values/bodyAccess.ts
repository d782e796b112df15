import type { BodyAccess } from '../../knowledge/validation/bodyAccess.js';
import { mayEdit } from '../../knowledge/auth/identity.js';
import type { GraphContext } from '../context.js';
import { describedEnum } from './enum.js';

export const BodyAccessEnum = describedEnum<BodyAccess>(
  'BodyAccess',
  'How much of the body of an article clients other than editors may see.',
  {
    FULL: 'All of it.',
    PASSAGES: 'Passages that references cite, with a few words around them.',
  },
);

/** Whether the client may see no more of a body than cited passages. */
export const isWithheld = (access: BodyAccess, { identity }: GraphContext): boolean =>
  access !== 'FULL' && !mayEdit(identity);
