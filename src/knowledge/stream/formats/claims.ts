/**
 * Identifiers in files that others made: two entities of a file may have one that only one can
 * have. The first keeps it, so that the second is not taken for the first.
 */
export class Claims {
  readonly #owners = new Map<string, string>();
  /** How many were left out. */
  leftOut = 0;

  /** Takes note of an identifier that the entity with this id has. */
  note(scheme: string, value: string, id: string): void {
    const key = `${scheme}:${value}`;
    if (!this.#owners.has(key)) this.#owners.set(key, id);
  }

  /** Whether the identifier is this entity's own. */
  isOwn(scheme: string, value: string, id: string): boolean {
    const owner = this.#owners.get(`${scheme}:${value}`);
    const own = owner === undefined || owner === id;
    if (!own) this.leftOut++;
    return own;
  }
}

/** What is told of those that are left out. */
export const sharedIdentifiers = 'identifier that another entity of the file has';
