/**
 * Authors of changes: an identity that the author cannot choose, and a display name within limits.
 * See docs/decisions/18-authors.md.
 */
import { z } from 'zod';
import { identityOf, type Identity } from './identity.js';

export interface WriteAuthor {
  /** `key:<id>`, `token:<iss>#<sub>`, `app:<id>`, `cli:import`. */
  identity: string;
  /** The display name. */
  actor: string;
}

/** The default identity of imports. */
export const importIdentity = 'app:import';

/** In UTF-16 units, as JavaScript counts. */
export const maxNameLength = 200;
export const maxIdentityLength = 1000;

/**
 * Disallowed characters: control characters, lone surrogates, line separators, invisible and
 * bidirectional ones, but not the joiners of Persian and Indic names.
 */
const unfit = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const allUnfit = new RegExp(unfit, 'gu');

/** The reason why a name or identity is invalid; undefined if it is valid. */
export function faultOf(text: string, maxLength: number): string | undefined {
  if (text.trim() === '') return 'is empty';
  if (text.length > maxLength) return `has ${text.length} characters, of ${maxLength} at most`;
  return unfit.test(text) ? 'contains control or invisible characters' : undefined;
}

export const authorName = boundedText(maxNameLength);
export const authorIdentity = boundedText(maxIdentityLength);

/** @throws RangeError if the name or the identity is invalid */
export function checkAuthor({ identity, actor }: WriteAuthor): void {
  const faults = [
    ['the name of the author', faultOf(actor, maxNameLength)],
    ['the identity of the author', faultOf(identity, maxIdentityLength)],
  ];
  const [what, fault] = faults.find(([, each]) => each !== undefined) ?? [];
  if (fault !== undefined) throw new RangeError(`${what} ${fault}`);
}

export const writeAuthor = (identity: Identity): WriteAuthor => ({
  identity: identityOf(identity),
  actor: identity.name,
});

/** Truncates a name from before there were limits. */
export const fitName = (name: string): string => name.replace(allUnfit, '\ufffd');

/** The author of a change, and the reason that history records. */
export interface Author extends WriteAuthor {
  reason: string | null;
}

// Private:

function boundedText(maxLength: number) {
  return z.string().superRefine((text, context) => {
    const message = faultOf(text, maxLength);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}
