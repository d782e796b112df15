import { LRUCache } from 'lru-cache';
import type { Changes } from '../../database/changes.js';
import { dependency } from '../../knowledge/reading/view.js';
import type { Body } from './serialize.js';

/** The day in UTC, counted from 1970. */
const today = (): number => Math.floor(Date.now() / 86_400_000);

/** What an entry takes beside its texts: the maps' own cells, roughly, in bytes. */
const bytesPerEntry = 300;
const bytesPerDependency = 120;

/** A larger answer would take the place of a thousand others. */
const maxBodyLength = 1024 * 1024;

interface Entry {
  body: Body;
  reads: ReadonlySet<string>;
  /** The only day on which it holds, where it depends on the day. */
  day: number | undefined;
}

/** An answer in the making: what it reads, and the state of the knowledge when it began. */
export interface Recording {
  readonly reads: Set<string>;
  readonly epoch: number;
  readonly day: number;
}

/**
 * Answers that were given, until something changes that they depend on.
 *
 * It is exact. Every answer is kept with what it depends on, and a change removes those that
 * depend on it. An answer that was being read while anything changed is not kept, since nobody
 * knows on which side of the change it was read. And when it is not certain that changes are
 * heard, no answer is given from here.
 */
export class ResponseCache {
  readonly #entries: LRUCache<string, Entry>;
  /** Which answers depend on it; most things matter to one answer only. */
  readonly #dependents = new Map<string, string | Set<string>>();
  readonly #changes: Pick<Changes, 'isCurrent'>;
  #epoch = 0;
  #hits = 0;
  #misses = 0;

  /** @param bytes How much it may hold, keys and bookkeeping included. */
  constructor(bytes: number, changes: Pick<Changes, 'isCurrent'>) {
    this.#changes = changes;
    this.#entries = new LRUCache({
      maxSize: bytes,
      sizeCalculation: ({ body, reads }, key) =>
        // V8 takes two bytes for each character of a text that is not all Latin-1.
        (typeof body === 'string' ? 2 : 1) * body.length +
        2 * key.length +
        bytesPerEntry +
        reads.size * bytesPerDependency,
      dispose: ({ reads }, key) => this.#forget(key, reads),
    });
  }

  get(key: string): Body | undefined {
    const entry = this.#changes.isCurrent() ? this.#entries.get(key) : undefined;
    if (entry === undefined || (entry.day !== undefined && entry.day !== today())) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    return entry.body;
  }

  /** To be called before the first read for an answer. */
  record(): Recording {
    return { reads: new Set(), epoch: this.#epoch, day: today() };
  }

  /** Keeps an answer, unless something changed while it was read. */
  keep(key: string, body: Body, { reads, epoch, day }: Recording): void {
    if (body.length > maxBodyLength) return;
    if (epoch !== this.#epoch || !this.#changes.isCurrent()) return;
    const onlyOn = reads.has(dependency.day) ? day : undefined;
    this.#entries.set(key, { body, reads, day: onlyOn });
    // What is too large for the cache is not taken.
    if (!this.#entries.has(key)) return;
    for (const read of reads) {
      const known = this.#dependents.get(read);
      if (known === undefined) this.#dependents.set(read, key);
      else if (typeof known !== 'string') known.add(key);
      else if (known !== key) this.#dependents.set(read, new Set([known, key]));
    }
  }

  /** Removes the answers that depend on what changed. */
  drop(changed: readonly string[] | 'everything'): void {
    this.#epoch++;
    if (changed === 'everything') {
      this.#entries.clear();
      return;
    }
    for (const word of changed) {
      const dependents = this.#dependents.get(word);
      if (dependents === undefined) continue;
      const keys = typeof dependents === 'string' ? [dependents] : [...dependents];
      for (const key of keys) this.#entries.delete(key);
    }
  }

  /** How many answers it holds, and how many bytes they take. */
  get size(): { answers: number; bytes: number } {
    return { answers: this.#entries.size, bytes: this.#entries.calculatedSize };
  }

  /** How often an answer was asked for that was there, and that was not. */
  get uses(): { hits: number; misses: number } {
    return { hits: this.#hits, misses: this.#misses };
  }

  // Private:

  #forget(key: string, reads: ReadonlySet<string>): void {
    for (const read of reads) {
      const known = this.#dependents.get(read);
      if (known === key) this.#dependents.delete(read);
      else if (typeof known === 'object') {
        known.delete(key);
        if (known.size === 0) this.#dependents.delete(read);
      }
    }
  }
}
