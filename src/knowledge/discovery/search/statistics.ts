/** How many records have a word, by PostgreSQL's statistics. */
import { sql } from 'drizzle-orm';
import { readRows } from '../../../database/database.js';
import type { Queries } from '../../reading/queries.js';

export interface WordStatistics {
  /** How many records there are. */
  records: number;
  /** How many of them have a word, given by its stem. */
  withWord: (stem: string) => number;
  /** Whether it is one of the most frequent words, of some hundreds. */
  isFrequent: (stem: string) => boolean;
}

/** How long statistics are used before they are read again, in milliseconds. */
const lifetime = 60_000;

/** The statistics of the moment, read once a minute. */
export class Statistics {
  readonly #queries: Queries;
  #current: Promise<WordStatistics | undefined> | undefined;
  #readAt = 0;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** Undefined until PostgreSQL has gathered any: after an import, or by and by. */
  current(): Promise<WordStatistics | undefined> {
    if (!this.#current || performance.now() - this.#readAt > lifetime) {
      this.#readAt = performance.now();
      const reading = this.#read();
      this.#current = reading;
      reading.catch(() => {
        if (this.#current === reading) this.#current = undefined;
      });
    }
    return this.#current;
  }

  // Private:

  async #read(): Promise<WordStatistics | undefined> {
    const [row] = await this.#queries.read((db) => readRows<Row>(db, statistics));
    if (!row?.words || !row.shares || row.records <= 0) return undefined;
    const { records, words, shares } = row;
    const shareOf = new Map(words.map((word, i) => [word, shares[i] ?? 0]));
    // After the shares of the words PostgreSQL gives the least of them, and the greatest.
    const least = shares[words.length] ?? 0;
    return {
      records,
      withWord: (stem) => records * (shareOf.get(stem) ?? least / 2),
      isFrequent: (stem) => shareOf.has(stem),
    };
  }
}

// Private:

interface Row {
  records: number;
  words: string[] | null;
  shares: number[] | null;
}

const statistics = sql`select c.reltuples::float8 as records, s.most_common_elems::text::text[] as words,
    s.most_common_elem_freqs::float8[] as shares
  from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = 'words'
  where c.oid = 'public.search_document'::regclass`;
