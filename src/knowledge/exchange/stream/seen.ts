import type { Origin } from './parsedRecord.js';

/**
 * The places of records already read, in 16 bytes each: the last 64 bits of the id, which are
 * random, the file and the line.
 */
export class Seen {
  readonly #files: string[] = [];
  #slots = new Uint32Array(width * 1024);
  #count = 0;

  /** The earlier place of the record; undefined the first time, when the place is stored. */
  note(id: string, { file, line }: Origin): Origin | undefined {
    if (2 * width * this.#count > this.#slots.length) this.#grow();
    if (this.#files.at(-1) !== file) this.#files.push(file);
    const high = Number.parseInt(id.slice(19, 23) + id.slice(24, 28), 16);
    const low = Number.parseInt(id.slice(28), 16);
    const slot = this.#slotOf(high, low);
    const before = this.#slots[slot + 3] ?? 0;
    if (before > 0) return { file: this.#files[this.#slots[slot + 2] ?? 0] ?? file, line: before };
    this.#slots.set([high, low, this.#files.length - 1, line], slot);
    this.#count++;
    return undefined;
  }

  // Private:

  /** The slot of the id, or the free slot for it. */
  #slotOf(high: number, low: number): number {
    const slots = this.#slots;
    for (let slot = (low * width) % slots.length; ; slot = (slot + width) % slots.length) {
      if (slots[slot + 3] === 0 || (slots[slot] === high && slots[slot + 1] === low)) return slot;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += width) {
      const record = old.subarray(at, at + width);
      if (record[3] !== 0) this.#slots.set(record, this.#slotOf(record[0] ?? 0, record[1] ?? 0));
    }
  }
}

// Private:

/** Numbers per record: two of its id, one of the file, one of the line, which is never 0. */
const width = 4;
