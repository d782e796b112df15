/** Records that wait for others: in memory while they are few, else in a file. */
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const mostInMemory = 2000;

export class Spool<Item> {
  #few: Item[] = [];
  #file: { folder: string; stream: WriteStream } | undefined;
  #size = 0;
  #adding: Promise<void> = Promise.resolve();

  get size(): number {
    return this.#size;
  }

  /** May be called again before the last call is done. */
  add(items: readonly Item[]): Promise<void> {
    this.#adding = this.#adding.then(() => this.#append(items));
    return this.#adding;
  }

  /** The items in the order in which they were added; nothing may be added from then on. */
  async *items(): AsyncGenerator<Item> {
    yield* this.#few;
    if (!this.#file) return;
    const { stream } = this.#file;
    stream.end();
    await once(stream, 'finish');
    for await (const line of createInterface({
      input: createReadStream(stream.path),
      crlfDelay: Infinity,
    })) {
      yield JSON.parse(line) as Item;
    }
  }

  async dispose(): Promise<void> {
    this.#few = [];
    this.#file?.stream.destroy();
    if (this.#file) await rm(this.#file.folder, { recursive: true, force: true });
  }

  // Private:

  async #append(items: readonly Item[]): Promise<void> {
    this.#size += items.length;
    if (!this.#file) {
      this.#few.push(...items);
      if (this.#few.length <= mostInMemory) return;
      const folder = await mkdtemp(join(tmpdir(), 'chancery-waiting-'));
      this.#file = { folder, stream: createWriteStream(join(folder, 'records.jsonl')) };
      items = this.#few;
      this.#few = [];
    }
    const text = items.map((item) => `${JSON.stringify(item)}\n`).join('');
    if (!this.#file.stream.write(text)) await once(this.#file.stream, 'drain');
  }
}
