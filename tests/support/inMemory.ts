import type { PGlite } from '@electric-sql/pglite';
import { takeEmbedded, type Filling } from './embeddedPool.js';

export interface InMemory {
  inMemory: true;
  client: PGlite;
}

/** A migrated embedded database in memory, without records: `createChancery({ database: await inMemory() })`. */
export const inMemory = (): Promise<InMemory> => copyOf('empty');

/** The same, with the sample in it. */
export const sampleInMemory = (): Promise<InMemory> => copyOf('sample');

// Private:

const copyOf = async (filling: Filling): Promise<InMemory> => ({
  inMemory: true,
  client: await takeEmbedded(filling),
});
