/** What a file holds and no record keeps, counted by what it is, so that nothing is dropped in silence. */
import type { Origin } from '../stream/parsedRecord.js';

/** How often a file holds something that no record keeps. */
export interface LeftOutCount {
  count: number;
  /** Where it was found first. */
  first: Origin;
}

/** By what it is: `gender of persons`. */
export type LeftOutCounts = ReadonlyMap<string, LeftOutCount>;

/** Fields have any name that a file gives them, so only so many are counted each for itself. */
const maxKinds = 1000;

const maxLength = 200;

/** All further fields of a file that has very many different ones. */
export const furtherFields = 'further fields';

export class LeftOut {
  readonly #counts = new Map<string, LeftOutCount>();
  /** Where what is counted from now on stands. */
  origin: Origin;

  /** @param origin Where a file begins. */
  constructor(origin: Origin) {
    this.origin = origin;
  }

  add(what: string, count = 1, first: Origin = this.origin): void {
    if (!(count > 0)) return;
    const name = what.length > maxLength ? `${what.slice(0, maxLength)}…` : what;
    const isNew = !this.#counts.has(name);
    const kind = isNew && this.#counts.size >= maxKinds ? furtherFields : name;
    const known = this.#counts.get(kind);
    if (known) known.count += count;
    else this.#counts.set(kind, { count, first });
  }

  /** Counts the fields of an object that have a value and are not among those that are taken over. */
  addFields(data: object, taken: (field: string) => boolean, owner: string): void {
    for (const [field, value] of Object.entries(data)) {
      if (hasValue(value) && !taken(field)) this.add(`${field} of ${owner}`);
    }
  }

  get counts(): LeftOutCounts {
    return this.#counts;
  }
}

/** Whether there is something in a value. */
export function hasValue(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
