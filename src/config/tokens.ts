/** Settings of the issuer whose tokens (JWT) are accepted. */
import { z } from 'zod';
import type { TokenOptions } from '../server/auth/tokens.js';
import type { Setting } from './setting.js';

export const tokenSettings = {
  CHANCERY_JWT_ISSUER: {
    description:
      'Issuer (claim iss) whose tokens (JWT) are accepted in addition to API keys. Without it, no tokens are accepted.',
    expected: 'a text such as https://login.example.org/',
    default: '',
    schema: z.string().min(1).max(2000).optional(),
  },
  CHANCERY_JWT_AUDIENCE: {
    description: 'Audience (claim aud) that tokens must have. Required with CHANCERY_JWT_ISSUER.',
    expected: 'a text such as chancery',
    default: '',
    schema: z.string().min(1).max(2000).optional(),
  },
  CHANCERY_JWT_JWKS_URL: {
    description: 'URL of the public keys (JWKS) of the issuer. Required with CHANCERY_JWT_ISSUER.',
    expected: 'an address such as https://login.example.org/.well-known/jwks.json',
    default: '',
    schema: z.url({ protocol: /^https?$/ }).optional(),
  },
  CHANCERY_JWT_ROLE_CLAIM: {
    description: 'Claim that contains the role: reader, editor or admin.',
    expected: 'the name of a claim',
    default: 'role',
    schema: z.string().min(1).max(200),
  },
} as const satisfies Record<string, Setting>;

/** Adds to `problems` if only some of the settings are given. */
export function tokenOptions(
  issuer: string | undefined,
  audience: string | undefined,
  jwksUrl: string | undefined,
  roleClaim: string,
  problems: string[],
): TokenOptions | undefined {
  if (!issuer && !audience && !jwksUrl) return undefined;
  if (issuer && audience && jwksUrl) return { issuer, audience, jwksUrl, roleClaim };
  problems.push(
    'CHANCERY_JWT_ISSUER, CHANCERY_JWT_AUDIENCE and CHANCERY_JWT_JWKS_URL must be given together',
  );
  return undefined;
}
