import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { DossierSource } from '../knowledge/exchange/dossier/import.js';
import { fileSource, type ByteSource } from '../knowledge/exchange/stream/lines.js';
import { UsageError } from './fail.js';
import { cannotWrite } from './outputFile.js';

/** Reads all dossiers before the first is processed; `-` is standard input. */
export async function readDossiers(files: readonly string[]): Promise<DossierSource[]> {
  const sources: DossierSource[] = [];
  for (const file of files) {
    try {
      const text = file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8');
      sources.push({ name: file === '-' ? 'standard input' : file, text });
    } catch (error) {
      cannotRead(file, error);
    }
  }
  return sources;
}

/** Files that can be read repeatedly; standard input is copied to a temporary file for that. */
export async function byteSources(files: readonly string[]): Promise<ByteSource[]> {
  return Promise.all(
    files.map(async (file) => {
      const path = file === '-' ? await keepInput() : file;
      const { size } = await stat(path).catch((error: unknown) => cannotRead(file, error));
      return { ...fileSource(path, size), name: file === '-' ? 'standard input' : file };
    }),
  );
}

/** @throws UsageError with the file and the reason */
export function cannotRead(file: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  throw new UsageError(`cannot read ${file} (${code})`);
}

// Private:

async function keepInput(): Promise<string> {
  const parent = join(tmpdir(), 'chancery-input-');
  const folder = await mkdtemp(parent).catch((error: unknown) => cannotWrite(parent, error));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'input');
  await pipeline(process.stdin, createWriteStream(path)).catch((error: unknown) =>
    cannotWrite(path, error),
  );
  return path;
}
