/** A connection for LISTEN, through postgres.js, which reconnects when it is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';

/** The pause before a reconnection. */
const retryDelayMs = 250;

/** A silent connection is probed at this interval, and lost when the probe takes longer. */
const heartbeatMs = 5000;
const heartbeatTimeoutMs = 3000;

/** Handlers for a postgres.js client, which accepts `onnotify` though its types lack it. */
export interface ConnectionHandlers {
  onnotify: (channel: string, payload: string) => void;
  onclose: () => void;
}

interface Subscriber {
  onNotification: (payload: string) => void;
  onListening: () => void;
}

export class Listener {
  readonly #connect: (options: ConnectionHandlers) => postgres.Sql;
  readonly #channels = new Map<string, Set<Subscriber>>();
  /** The client that listens or is connecting; none between two attempts. */
  #client: postgres.Sql | undefined;
  #isListening = false;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param connect creates a client with one connection */
  constructor(connect: (options: ConnectionHandlers) => postgres.Sql) {
    this.#connect = connect;
  }

  /** As `Database.listen`. */
  async listen(
    channel: string,
    onNotification: (payload: string) => void,
    onListening: () => void,
  ): Promise<() => Promise<void>> {
    const subscriber = { onNotification, onListening };
    this.#channels.set(channel, (this.#channels.get(channel) ?? new Set()).add(subscriber));
    const client = this.#client;
    if (client && this.#isListening) {
      await listenTo(client, channel).then(onListening, () => this.#lose(client));
    } else if (!client && !this.#timer) await this.#open();
    return () => Promise.resolve(this.#unsubscribe(channel, subscriber));
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
        for (const { onNotification } of this.#channels.get(channel) ?? []) onNotification(payload);
      },
      onclose: () => this.#lose(client),
    });
    this.#client = client;
    try {
      // The iteration includes channels that are added meanwhile.
      for (const channel of this.#channels.keys()) await listenTo(client, channel);
    } catch {
      this.#lose(client);
    }
    if (this.#client !== client) return;
    this.#isListening = true;
    for (const subscribers of this.#channels.values()) {
      for (const subscriber of subscribers) subscriber.onListening();
    }
    this.#watch(client);
  }

  #unsubscribe(channel: string, subscriber: Subscriber): void {
    const subscribers = this.#channels.get(channel);
    subscribers?.delete(subscriber);
    if (subscribers?.size !== 0) return;
    this.#channels.delete(channel);
    // Not awaited: if it fails, notifications of the channel have no subscriber.
    if (this.#isListening) this.#client?.unsafe(`unlisten "${channel}"`).catch(() => {});
  }

  /** Probes the connection: one whose server has vanished is as silent as an idle one. */
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
