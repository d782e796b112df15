/** Tokens that somebody else's identity provider has signed (JWT). */
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { Identity, Role } from '../../knowledge/identity/identity.js';

export interface TokenOptions {
  /** Who must have issued the token (`iss`). */
  issuer: string;
  /** For whom it must be meant (`aud`). */
  audience: string;
  /** Where the issuer publishes its keys. */
  jwksUrl: string;
  /** The claim that names the role: `reader`, `editor` or `admin`. Default `role`. */
  roleClaim?: string | undefined;
}

export type Tokens = (token: string) => Promise<Identity | { refused: string }>;

/** Checks tokens; the issuer's keys are fetched when needed and again when they rotate. */
export function tokensOf({ issuer, audience, jwksUrl, roleClaim = 'role' }: TokenOptions): Tokens {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: 5000,
    cooldownDuration: 5000,
  });
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: 5,
      });
      const role = roles[String(payload[roleClaim])];
      if (!role) {
        return { refused: `the token's claim ${roleClaim} names no role: reader, editor or admin` };
      }
      const { name, email, sub } = payload;
      const shown = [name, email, sub].find((each) => typeof each === 'string') as string;
      return { id: `token ${String(sub)}`, name: shown, role };
    } catch (error) {
      if (error instanceof errors.JOSEError) return { refused: reasonOf(error) };
      throw error;
    }
  };
}

// Private:

/** Signatures with a pair of keys; `none` and shared secrets are no proof of who signed. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

const roles: Record<string, Role> = { reader: 'READER', editor: 'EDITOR', admin: 'ADMIN' };

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `the token's claim ${error.claim} is not what it must be`;
  }
  return 'the token is not signed by a key of the issuer, or is no token';
}
