/** Output files of commands, opened before the work begins, so that errors show early. */
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { UsageError } from './fail.js';

export interface OutputFile {
  /** @throws UsageError if an earlier write failed */
  write(text: string): void;
  /** Waits until everything is written. @throws UsageError if that failed */
  close(): Promise<void>;
}

/** @throws UsageError with the file and the reason */
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

/** @throws UsageError with the file and the reason */
export function cannotWrite(file: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  throw new UsageError(`cannot write ${file} (${code ?? String(error)})`);
}
