import type { PGlite } from '@electric-sql/pglite';
import { inject } from 'vitest';
import { takeEmbedded } from './embeddedPool.js';

export interface InMemory {
  inMemory: true;
  client: PGlite;
}

/** A migrated embedded database in memory, without records: `createChancery({ database: await inMemory() })`. */
export const inMemory = (): Promise<InMemory> => copyOf(inject('embeddedTemplate'));

/** The same, with the sample in it. */
export const sampleInMemory = (): Promise<InMemory> => copyOf(inject('sampleTemplate'));

// Private:

const copyOf = async (template: string): Promise<InMemory> => ({
  inMemory: true,
  client: await takeEmbedded(template),
});
