/** Counts what an import skips by kind, so that nothing is dropped silently. */
import type { Origin } from '../stream/parsedRecord.js';

/** The number of skipped items of a kind. */
export interface LeftOutCount {
  count: number;
  /** The place of the first. */
  first: Origin;
}

/** By kind: `gender of persons`. */
export type LeftOutCounts = ReadonlyMap<string, LeftOutCount>;

/** Limits the number of kinds, since a file may have any field names. */
const maxKinds = 1000;

const maxLength = 200;

/** Counts fields beyond that limit. */
export const furtherFields = 'further fields';

export class LeftOut {
  readonly #counts = new Map<string, LeftOutCount>();
  /** The place of what is counted next. */
  origin: Origin;

  /** @param origin The start of the file. */
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

  /** Counts the fields of an object that have a value but are not imported. */
  addFields(data: object, isImported: (field: string) => boolean, owner: string): void {
    for (const [field, value] of Object.entries(data)) {
      if (hasValue(value) && !isImported(field)) this.add(`${field} of ${owner}`);
    }
  }

  get counts(): LeftOutCounts {
    return this.#counts;
  }
}

/** Whether a value is not empty. */
export function hasValue(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
