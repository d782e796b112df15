/** Files that a command writes: opened before its work begins, so that no work is done in vain. */
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { UsageError } from './fail.js';

export interface OutputFile {
  /** @throws UsageError where what was written before could not be */
  write(text: string): void;
  /** Waits until everything is written. @throws UsageError where it could not be */
  close(): Promise<void>;
}

/** @throws UsageError that names the file and why it cannot be written */
export async function openOutput(path: string): Promise<OutputFile> {
  const handle = await open(path, 'w').catch((error: unknown) => cannotWrite(path, error));
  const stream = handle.createWriteStream();
  let failure: unknown;
  const done = finished(stream).catch((error: unknown) => {
    failure = error;
  });
  return {
    write: (text) => {
      if (failure !== undefined) cannotWrite(path, failure);
      stream.write(text);
    },
    close: async () => {
      stream.end();
      await done;
      if (failure !== undefined) cannotWrite(path, failure);
    },
  };
}

/** @throws UsageError that names the file and why it cannot be written */
export function cannotWrite(file: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  throw new UsageError(`cannot write ${file} (${code ?? String(error)})`);
}
