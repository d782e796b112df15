import { readFile } from 'node:fs/promises';
import { inject } from 'vitest';

/** A new embedded database in memory, a copy of a migrated one: `createChancery({ database: await inMemory() })`. */
export const inMemory = async (): Promise<{ inMemory: true; template: Blob }> => ({
  inMemory: true,
  template: new Blob([await readFile(inject('embeddedTemplate'))]),
});
