/** What a file tells and no record keeps, counted by what it is, so that nothing is dropped in silence. */
export class LeftOut {
  readonly #counts = new Map<string, number>();

  add(what: string, count = 1): void {
    if (count > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  /** Counts the fields of an object that have a value and are not among those that are taken over. */
  addFields(data: object, taken: (field: string) => boolean, owner: string): void {
    for (const [field, value] of Object.entries(data)) {
      if (hasValue(value) && !taken(field)) this.add(`${field} of ${owner}`);
    }
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}

// Private:

function hasValue(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
