/** Who asks. */
import type { role } from '../../database/tables/index.js';

export type Role = (typeof role.enumValues)[number];

/** Somebody who has shown who they are. */
export interface Identity {
  /** As history names them. */
  name: string;
  role: Role;
  /** What tells them from all others; by default the name. */
  id?: string;
}

/** Editors and admins write, review and see drafts; readers are as anybody, only known by name. */
export const mayEdit = (identity: Identity | undefined): boolean =>
  identity?.role === 'EDITOR' || identity?.role === 'ADMIN';
