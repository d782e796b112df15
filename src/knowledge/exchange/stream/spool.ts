/** A queue of waiting records: in memory, or in a file if there are many. */
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const maxInMemory = 2000;

export class Spool<Item> {
  #few: Item[] = [];
  #file: { folder: string; path: string; handle: FileHandle } | undefined;
  #size = 0;
  #adding: Promise<void> = Promise.resolve();

  get size(): number {
    return this.#size;
  }

  /** Appends items; calls may overlap. */
  add(items: readonly Item[]): Promise<void> {
    this.#adding = this.#adding.then(() => this.#append(items));
    return this.#adding;
  }

  /** The items in order of addition. Nothing may be added afterwards. */
  async *items(): AsyncGenerator<Item> {
    yield* this.#few;
    if (!this.#file) return;
    for await (const line of createInterface({
      input: createReadStream(this.#file.path),
      crlfDelay: Infinity,
    })) {
      yield JSON.parse(line) as Item;
    }
  }

  async dispose(): Promise<void> {
    // A pending addition may be creating the file.
    await this.#adding.catch(() => {});
    this.#few = [];
    const file = this.#file;
    this.#file = undefined;
    if (!file) return;
    await file.handle.close();
    await rm(file.folder, { recursive: true, force: true });
  }

  // Private:

  async #append(items: readonly Item[]): Promise<void> {
    this.#size += items.length;
    if (!this.#file) {
      this.#few.push(...items);
      if (this.#few.length <= maxInMemory) return;
      this.#file = await openWaiting();
      items = this.#few;
      this.#few = [];
    }
    const text = items.map((item) => `${JSON.stringify(item)}\n`).join('');
    const { handle, path } = this.#file;
    await handle.appendFile(text).catch((error: unknown) => cannotWrite(path, error));
  }
}

// Private:

async function openWaiting() {
  const parent = join(tmpdir(), 'chancery-waiting-');
  const folder = await mkdtemp(parent).catch((error: unknown) => cannotWrite(parent, error));
  const path = join(folder, 'records.jsonl');
  const handle = await open(path, 'a').catch((error: unknown) => cannotWrite(path, error));
  return { folder, path, handle };
}

/** The message names TMPDIR, since the user did not choose this file. */
function cannotWrite(path: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  throw new Error(
    `cannot write ${path} (${code ?? String(error)}), the temporary file of records that wait for others: free some space, or set TMPDIR to another folder`,
  );
}
