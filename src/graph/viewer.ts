/** `viewer`: the client as the server has authenticated it, and what it may do. */
import { mayEdit, mayErase, type Identity, type Role } from '../knowledge/auth/identity.js';
import { builder } from './builder.js';
import { describedEnum } from './values/enum.js';

const RoleRef = describedEnum<Role>('Role', 'What a key or a token entitles to.', {
  READER: 'Reads what is published, as clients without a key do.',
  EDITOR: 'Also reads drafts and history, changes records and reviews drafts.',
  ADMIN: 'Also erases records.',
});

const PermissionRef = describedEnum<Permission>(
  'Permission',
  'A permission. Further ones may be added.',
  {
    READ: 'Read published records.',
    READ_DRAFTS: 'Read drafts, the review queue and the history of records.',
    EDIT: 'Change, publish, merge and delete records.',
    ERASE: 'Erase records and their history.',
  },
);

const Viewer = builder.objectRef<Identity>('Viewer').implement({
  description: 'An authenticated client.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name that history shows; not unique.' }),
    role: t.expose('role', { type: RoleRef, description: 'The role of its key or token.' }),
    permissions: t.field({
      type: [PermissionRef],
      description: 'What it may do.',
      resolve: permissionsOf,
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: true,
    cached: false,
    description:
      'The client that sends the request; null for an anonymous one, which may read what is published.',
    resolve: (_root, _args, { identity }) => identity ?? null,
  }),
);

// Private:

type Permission = 'READ' | 'READ_DRAFTS' | 'EDIT' | 'ERASE';

function permissionsOf(identity: Identity): Permission[] {
  const edits: Permission[] = mayEdit(identity) ? ['READ_DRAFTS', 'EDIT'] : [];
  return ['READ', ...edits, ...(mayErase(identity) ? (['ERASE'] as const) : [])];
}
