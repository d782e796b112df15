/** A connection that hears notifications, through postgres.js, and comes back when it is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';

/** How soon it is tried again to connect, in milliseconds. */
const retryDelayMs = 250;

/** How often it is tried whether the connection lives, and how long that may take, in milliseconds. */
const heartbeatMs = 5000;
const heartbeatTimeoutMs = 3000;

/** What the client has to tell; postgres.js takes `onnotify`, but its types do not say so. */
export interface ListeningOptions {
  onnotify: (channel: string, payload: string) => void;
  onclose: () => void;
}

interface Ear {
  heard: (payload: string) => void;
  opened: () => void;
}

export class Listener {
  readonly #connect: (options: ListeningOptions) => postgres.Sql;
  readonly #channels = new Map<string, Set<Ear>>();
  /** The client that listens or is about to; none between two attempts. */
  #client: postgres.Sql | undefined;
  #isListening = false;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param connect makes a client with one connection */
  constructor(connect: (options: ListeningOptions) => postgres.Sql) {
    this.#connect = connect;
  }

  /** As `Database.listen`. */
  async listen(
    channel: string,
    heard: (payload: string) => void,
    opened: () => void,
  ): Promise<() => Promise<void>> {
    const ear = { heard, opened };
    this.#channels.set(channel, (this.#channels.get(channel) ?? new Set()).add(ear));
    const client = this.#client;
    if (client && this.#isListening) {
      await listenTo(client, channel).then(opened, () => this.#lose(client));
    } else if (!client && !this.#timer) await this.#open();
    return () => Promise.resolve(this.#forget(channel, ear));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#client?.end({ timeout: 0 });
  }

  // Private:

  async #open(): Promise<void> {
    const client = this.#connect({
      onnotify: (channel, payload) => {
        if (client !== this.#client) return;
        for (const { heard } of this.#channels.get(channel) ?? []) heard(payload);
      },
      onclose: () => this.#lose(client),
    });
    this.#client = client;
    try {
      // One that is added meanwhile has its turn, too.
      for (const channel of this.#channels.keys()) await listenTo(client, channel);
    } catch {
      this.#lose(client);
    }
    if (this.#client !== client) return;
    this.#isListening = true;
    for (const ears of this.#channels.values()) for (const { opened } of ears) opened();
    this.#watch(client);
  }

  #forget(channel: string, ear: Ear): void {
    const ears = this.#channels.get(channel);
    ears?.delete(ear);
    if (ears?.size !== 0) return;
    this.#channels.delete(channel);
    // Nobody waits for that: where it is not done, what is heard is told to nobody.
    if (this.#isListening) this.#client?.unsafe(`unlisten "${channel}"`).catch(() => {});
  }

  /** A connection whose other end vanished is silent, as one is on which nothing happens. */
  #watch(client: postgres.Sql): void {
    this.#timer = setTimeout(() => {
      const lose = (): void => this.#lose(client);
      const answered = client`select 1`.then(() => true, lose);
      void Promise.race([answered, sleep(heartbeatTimeoutMs, false, { ref: false })]).then(
        (isAlive) => {
          if (!isAlive) lose();
          else if (this.#client === client) this.#watch(client);
        },
      );
    }, heartbeatMs);
    this.#timer.unref();
  }

  #lose(client: postgres.Sql): void {
    if (this.#client !== client || this.#isClosed) return;
    this.#client = undefined;
    this.#isListening = false;
    void client.end({ timeout: 0 });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#open();
    }, retryDelayMs);
    this.#timer.unref();
  }
}

// Private:

const listenTo = async (client: postgres.Sql, channel: string): Promise<void> =>
  void (await client.unsafe(`listen "${channel}"`));
