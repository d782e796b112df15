import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import type { DossierSource } from '../knowledge/dossier/import.js';
import { UsageError } from './fail.js';

/** Reads dossiers, `-` from the standard input, all of them before anything is done with one. */
export async function readDossiers(files: readonly string[]): Promise<DossierSource[]> {
  const sources: DossierSource[] = [];
  for (const file of files) {
    try {
      const text = file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8');
      sources.push({ name: file === '-' ? 'standard input' : file, text });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new UsageError(`cannot read ${file} (${code})`);
    }
  }
  return sources;
}
