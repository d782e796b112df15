/** The requester of an operation: anonymous or authenticated. */
import type { role } from '../../database/tables/index.js';

export type Role = (typeof role.enumValues)[number];

/** An authenticated user. */
export interface Identity {
  /** The name that history shows beside the id; not unique. */
  name: string;
  role: Role;
  /**
   * The unique and permanent identity: `key:<id>` for an API key, `token:<iss>#<sub>` for a token,
   * `app:<id>` for a user of an embedding app. Default: `name:<name>`.
   */
  id?: string;
}

/** Editors and admins write, review and see drafts; readers have no rights beyond anonymous ones. */
export const mayEdit = (identity: Identity | undefined): boolean =>
  identity?.role === 'EDITOR' || identity?.role === 'ADMIN';

export const identityOf = ({ id, name }: Identity): string => id ?? `name:${name}`;
/** Only admins erase, as it cannot be undone. */
export const mayErase = (identity: Identity | undefined): boolean => identity?.role === 'ADMIN';
