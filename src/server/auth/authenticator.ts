/** Authentication of a request by the embedding app, or by its header `Authorization`. */
import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Identity } from '../../knowledge/auth/identity.js';
import { isRejection, rejection } from '../errors/rejection.js';
import type { MaskError } from '../errors/mask.js';
import { identityOfUser, type AppIdentify, type AppIdentity } from './appIdentity.js';
import { unauthenticated, type Identify } from './identify.js';

/** What the identity of a client is determined from. */
export interface Proof {
  /** The header `Authorization`, if there is one. */
  authorization: string | null | undefined;
  /** The request, for the app; made only when needed. */
  request: () => Request;
  /** The request of Node.js; undefined behind a Fetch handler. */
  req?: IncomingMessage | undefined;
  /** The user that the app gave with the request; null for an anonymous client. */
  user?: AppIdentity | null | undefined;
  /** The id of the request in logs. */
  requestId?: string | undefined;
}

export interface AuthenticatorOptions {
  /** Authenticates the header `Authorization`. */
  identify: Identify;
  /** Identifies the users of an embedding app. */
  identifyUser?: AppIdentify | undefined;
  maskError: MaskError;
}

export class Authenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** Whether nothing has to be verified, as the client shows no credentials. */
  isAnonymous({ authorization, user }: Proof): boolean {
    if (user !== undefined) return user === null;
    return !this.#options.identifyUser && (authorization === null || authorization === undefined);
  }

  /** Whether the app identifies the client, by other means than the header `Authorization`. */
  isIdentifiedByApp({ user }: Proof): boolean {
    return user !== undefined || this.#options.identifyUser !== undefined;
  }

  /**
   * The identity of the client; undefined for an anonymous one.
   *
   * @throws GraphQLError a rejection: 401, or 503 if the client cannot be identified at present
   */
  async identityOf(proof: Proof): Promise<Identity | undefined> {
    const user = proof.user === undefined ? await this.#userOf(proof) : proof.user;
    if (user === null) return undefined;
    if (user === undefined) return this.identityByHeader(proof.authorization);
    const identity = identityOfUser(user);
    if ('rejected' in identity) throw unauthenticated(identity.rejected);
    return identity;
  }

  /** The identity that the header `Authorization` proves; for clients that send no requests. */
  identityByHeader(authorization: string | null | undefined): Promise<Identity | undefined> {
    return this.#options.identify(authorization);
  }

  /**
   * Verifies that a client of an open stream still is who it was.
   *
   * @throws GraphQLError a rejection
   */
  async verify(proof: Proof, identity: Identity | undefined): Promise<void> {
    const now = await this.identityOf(proof);
    if (!isSame(now, identity)) {
      throw unauthenticated('the user of the request has changed');
    }
  }

  // Private:

  async #userOf({ request, req, requestId }: Proof): Promise<AppIdentity | null | undefined> {
    const { identifyUser, maskError } = this.#options;
    if (!identifyUser) return undefined;
    try {
      return await identifyUser(request(), req);
    } catch (error) {
      if (error instanceof GraphQLError && error.extensions['code'] === 'UNAUTHENTICATED') {
        throw unauthenticated(error.message);
      }
      if (isRejection(error)) throw error;
      const { errorId } = maskError(
        error instanceof GraphQLError ? new Error(error.message, { cause: error }) : error,
        requestId,
      ).extensions;
      throw notIdentified(errorId);
    }
  }
}

/** Whether two identities are of one user, with the same rights. */
export const isSame = (one: Identity | undefined, other: Identity | undefined): boolean =>
  one?.id === other?.id && one?.role === other?.role;

// Private:

const notIdentified = (errorId: unknown): GraphQLError =>
  rejection(
    'SERVICE_UNAVAILABLE',
    'The user of the request cannot be identified at present; try again later.',
    {
      status: 503,
      headers: { 'Retry-After': '5' },
      ...(typeof errorId === 'string' && { details: { errorId } }),
    },
  );
