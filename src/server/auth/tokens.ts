/** Tokens of an identity provider (JWT). */
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { faultOf, maxNameLength } from '../../knowledge/auth/author.js';
import type { Identity, Role } from '../../knowledge/auth/identity.js';
import { rejection } from '../errors/rejection.js';
import type { VerifyCredentials } from './identify.js';

export interface TokenOptions {
  /** The issuer of the token (`iss`). */
  issuer: string;
  /** The audience of the token (`aud`). */
  audience: string;
  /** Where the issuer publishes its keys. */
  jwksUrl: string;
  /** The claim that contains the role: `reader`, `editor` or `admin`. Default `role`. */
  roleClaim?: string | undefined;
}

/** Verifies tokens; the keys of the issuer are fetched when needed and again when they rotate. */
export function tokenVerifier({
  issuer,
  audience,
  jwksUrl,
  roleClaim = 'role',
}: TokenOptions): VerifyCredentials {
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
        clockTolerance: clockToleranceSeconds,
      });
      return identityIn(payload, issuer, roleClaim);
    } catch (error) {
      if (isOutage(error)) throw outOfReach();
      return { rejected: reasonOf(error) };
    }
  };
}

// Private:

/** Asymmetric signatures only: `none` and shared secrets do not prove the signer. */
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

/** How much the clocks of the issuer and of this server may differ. */
const clockToleranceSeconds = 5;

const roles: Record<string, Role> = { reader: 'READER', editor: 'EDITOR', admin: 'ADMIN' };

/** As in OpenID Connect. */
const maxSubjectLength = 255;

function identityIn(
  payload: JWTPayload,
  issuer: string,
  roleClaim: string,
): Identity | { rejected: string } {
  const claim = (name: string): unknown =>
    Object.hasOwn(payload, name) ? payload[name] : undefined;
  const { iat } = payload;
  if (iat !== undefined && iat > Date.now() / 1000 + clockToleranceSeconds) {
    return { rejected: 'the token was issued in the future (its claim iat)' };
  }
  const role = claim(roleClaim);
  if (typeof role !== 'string' || !Object.hasOwn(roles, role)) {
    return { rejected: `the token's claim ${roleClaim} is not a role: reader, editor or admin` };
  }
  const nameClaim = ['name', 'email'].find((each) => !isMissing(claim(each))) ?? 'sub';
  for (const [name, maxLength] of [
    ['sub', maxSubjectLength],
    [nameClaim, nameClaim === 'sub' ? maxSubjectLength : maxNameLength],
  ] as const) {
    const value = claim(name);
    if (typeof value !== 'string') return { rejected: `the token's claim ${name} is not a text` };
    const fault = faultOf(value, maxLength);
    if (fault !== undefined) return { rejected: `the token's claim ${name} ${fault}` };
  }
  const sub = claim('sub') as string;
  return {
    id: `token:${issuer}#${sub}`,
    name: (claim(nameClaim) as string).slice(0, maxNameLength),
    role: roles[role] as Role,
  };
}

/** Some issuers send empty claims. */
const isMissing = (value: unknown): boolean =>
  value === undefined || value === null || value === '';

/** Whether the keys of the issuer could not be fetched or read, so that the token may be valid. */
const isOutage = (error: unknown): boolean =>
  !(error instanceof errors.JOSEError) ||
  error instanceof errors.JWKSTimeout ||
  error.code === 'ERR_JOSE_GENERIC';

const outOfReach = () =>
  rejection(
    'SERVICE_UNAVAILABLE',
    'Tokens cannot be verified at present, because the keys of their issuer cannot be fetched; try again later.',
    { status: 503, headers: { 'Retry-After': '5' } },
  );

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `the token's claim ${error.claim} is invalid`;
  }
  return 'the token is not signed by a key of the issuer, or is not a token';
}
