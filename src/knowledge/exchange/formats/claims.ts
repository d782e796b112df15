/**
 * Identifiers in files that others made: two entities of a file may have one that only one can
 * have. The first keeps it, so that the second is not taken for the first.
 */
import { identifierKey, readIdentifier } from '../../values/identifiers.js';

/** What has an identifier: an id is unique among the entities of its class. */
export interface Claimant {
  class: string;
  id: string;
}

export class Claims {
  readonly #owners = new Map<string, string>();

  /** Takes note of an identifier that an entity has. */
  note(scheme: string, value: string, claimant: Claimant): void {
    const key = keyOf(scheme, value, claimant);
    if (!this.#owners.has(key)) this.#owners.set(key, nameOf(claimant));
  }

  /** Whether the identifier is this entity's own. */
  isOwn(scheme: string, value: string, claimant: Claimant): boolean {
    const owner = this.#owners.get(keyOf(scheme, value, claimant));
    return owner === undefined || owner === nameOf(claimant);
  }
}

/** The words in which those that are left out are counted. */
export const sharedIdentifiers = 'identifier that another entity of the file has';

// Private:

const nameOf = (claimant: Claimant): string => JSON.stringify([claimant.class, claimant.id]);

/** What is not unique in the world, entities of several classes may have. */
function keyOf(scheme: string, value: string, claimant: Claimant): string {
  const scope = { source: 'this file', trusted: new Set<string>() };
  return identifierKey(readIdentifier({ scheme, value, source: null }, scope), claimant.class);
}
