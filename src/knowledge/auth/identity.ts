/** Who asks. */
import type { role } from '../../database/tables/index.js';

export type Role = (typeof role.enumValues)[number];

/** Somebody who has shown who they are. */
export interface Identity {
  /** The name that history shows beside the id. Two may have the same. */
  name: string;
  role: Role;
  /**
   * What tells them from all others and never changes: `key:<id>` for an API key,
   * `token:<iss>#<sub>` for a token, `app:<id>` for a user of an embedding app. Without it the
   * name is what tells them apart, as `name:<name>`.
   */
  id?: string;
}

/** Editors and admins write, review and see drafts; readers are as anybody, only known by name. */
export const mayEdit = (identity: Identity | undefined): boolean =>
  identity?.role === 'EDITOR' || identity?.role === 'ADMIN';

export const identityOf = ({ id, name }: Identity): string => id ?? `name:${name}`;
/** Only admins erase: it cannot be taken back. */
export const mayErase = (identity: Identity | undefined): boolean => identity?.role === 'ADMIN';
