import { LRUCache } from 'lru-cache';
import type { Changes } from '../../database/changes.js';
import { dependency } from '../../knowledge/reading/view.js';
import type { Body } from './serialize.js';

/** The day in UTC, counted from 1970. */
const today = (): number => Math.floor(Date.now() / 86_400_000);

/** The estimated overhead of an entry in bytes, for the cells of maps. */
const bytesPerEntry = 300;
const bytesPerDependency = 120;

/** Larger responses are not cached, as they would displace a thousand others. */
const maxBodyLength = 1024 * 1024;

interface Entry {
  body: Body;
  reads: ReadonlySet<string>;
  /** The only day on which it holds, where it depends on the day. */
  day: number | undefined;
}

/** A response in progress: its dependencies, and the state of the knowledge base at its start. */
export interface Recording {
  readonly reads: Set<string>;
  readonly epoch: number;
  readonly day: number;
}

/**
 * The response cache, invalidated by changes.
 *
 * It is exact. Every response is stored with its dependencies, and a change removes the responses
 * that depend on it. A response that was read while anything changed is not cached, since it may
 * predate the change. While notifications of changes may be missing, the cache returns nothing.
 */
export class ResponseCache {
  readonly #entries: LRUCache<string, Entry>;
  /** The responses by dependency; most dependencies have a single response. */
  readonly #dependents = new Map<string, string | Set<string>>();
  readonly #changes: Pick<Changes, 'isCurrent'>;
  #epoch = 0;
  #hits = 0;
  #misses = 0;

  /** @param bytes The maximum size, including keys and overhead. */
  constructor(bytes: number, changes: Pick<Changes, 'isCurrent'>) {
    this.#changes = changes;
    this.#entries = new LRUCache({
      maxSize: bytes,
      sizeCalculation: ({ body, reads }, key) =>
        // V8 stores texts beyond Latin-1 with two bytes per character.
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

  /** Called before the first read for a response. */
  record(): Recording {
    return { reads: new Set(), epoch: this.#epoch, day: today() };
  }

  /** Caches a response, unless anything changed while it was read. */
  keep(key: string, body: Body, { reads, epoch, day }: Recording): void {
    if (body.length > maxBodyLength) return;
    if (epoch !== this.#epoch || !this.#changes.isCurrent()) return;
    const onlyOn = reads.has(dependency.day) ? day : undefined;
    this.#entries.set(key, { body, reads, day: onlyOn });
    // Too large for the cache.
    if (!this.#entries.has(key)) return;
    for (const read of reads) {
      const known = this.#dependents.get(read);
      if (known === undefined) this.#dependents.set(read, key);
      else if (typeof known !== 'string') known.add(key);
      else if (known !== key) this.#dependents.set(read, new Set([known, key]));
    }
  }

  /** Removes the responses that depend on what changed. */
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

  /** The number and size of cached responses. */
  get size(): { answers: number; bytes: number } {
    return { answers: this.#entries.size, bytes: this.#entries.calculatedSize };
  }

  /** The number of hits and misses. */
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
