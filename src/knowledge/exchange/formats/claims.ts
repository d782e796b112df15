/**
 * Resolves identifiers that two entities of a file have although they are unique: the first entity
 * keeps it, so that the second is not mistaken for the first.
 */
import { identifierKey, readIdentifier } from '../../values/identifiers.js';

/** The owner of an identifier; ids are unique within a class. */
export interface Claimant {
  class: string;
  id: string;
}

export class Claims {
  readonly #owners = new Map<string, string>();

  /** Records an identifier of an entity. */
  note(scheme: string, value: string, claimant: Claimant): void {
    const key = keyOf(scheme, value, claimant);
    if (!this.#owners.has(key)) this.#owners.set(key, nameOf(claimant));
  }

  /** Whether the entity is the first with this identifier. */
  isOwn(scheme: string, value: string, claimant: Claimant): boolean {
    const owner = this.#owners.get(keyOf(scheme, value, claimant));
    return owner === undefined || owner === nameOf(claimant);
  }
}

/** The label under which skipped identifiers are counted. */
export const sharedIdentifiers = 'identifier that another entity of the file has';

// Private:

const nameOf = (claimant: Claimant): string => JSON.stringify([claimant.class, claimant.id]);

/** Identifiers that are unique only within a source may repeat across classes. */
function keyOf(scheme: string, value: string, claimant: Claimant): string {
  const scope = { source: 'this file', trusted: new Set<string>() };
  return identifierKey(readIdentifier({ scheme, value, source: null }, scope), claimant.class);
}
