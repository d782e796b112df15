/** The users of an embedding app. */
import type { IncomingMessage } from 'node:http';
import { faultOf, maxNameLength } from '../../knowledge/auth/author.js';
import type { Identity } from '../../knowledge/auth/identity.js';

/** A user of an embedding app. History records `app:<id>`, and the name. */
export interface AppIdentity {
  /** Unique among the users of the app, and never changes. */
  id: string;
  /** The name that is shown. */
  name: string;
  role: 'READER' | 'EDITOR' | 'ADMIN';
}

/**
 * Identifies the user of a request by whatever the app uses: a cookie, a header, a session. The
 * user that it returns wins over the header `Authorization`. `undefined` leaves the request to
 * that header: an API key or a token, or an anonymous client where there is none. `null` makes the
 * client anonymous, whatever the header says.
 *
 * A `GraphQLError` with the code `UNAUTHENTICATED` rejects the request with 401 and its message;
 * any other error rejects it with 503, and is logged. The body of the request must not be read.
 *
 * For a subscription it is called again every few seconds: the stream ends when the user differs.
 *
 * @param req The request of Node.js, with what middleware has added to it, where the app uses
 *   `handler`; undefined where it uses `fetch`.
 */
export type AppIdentify = (
  request: Request,
  req: IncomingMessage | undefined,
) => Promise<AppIdentity | null | undefined> | AppIdentity | null | undefined;

/** The identity of a user, or the reason for which it cannot be one. */
export function identityOfUser(user: AppIdentity): Identity | { rejected: string } {
  const { id, name, role } = user;
  if (typeof id !== 'string' || typeof name !== 'string') {
    return { rejected: 'the id and the name of the user must be texts' };
  }
  const fault = faultOf(id, maxIdLength) ?? faultOf(name, maxNameLength);
  if (fault !== undefined) return { rejected: `the id or the name of the user ${fault}` };
  if (!roles.includes(role)) {
    return { rejected: `the role of the user must be ${roles.join(', ')}` };
  }
  return { id: `app:${id}`, name, role };
}

// Private:

const maxIdLength = 255;

const roles: readonly AppIdentity['role'][] = ['READER', 'EDITOR', 'ADMIN'];
