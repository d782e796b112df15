import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Database } from './database.js';

/** The channel on which triggers notify of changed rows; see `notify_changes` in `drizzle/`. */
const channel = 'chancery_changes';

/** The interval of heartbeats, which prove that notifications still arrive. */
const heartbeatMs = 250;

/** After so long without a heartbeat, a cached response may be stale. */
const heartbeatTimeoutMs = 800;

/** After so long, a heartbeat counts as lost. */
const maxDeliveryMs = 5000;

const heartbeatPayload = 'beat:';

/**
 * Listens for changed rows, whether this process, another server or SQL in a console changed them.
 *
 * Notifications arrive in the order of the commits. So when a heartbeat of our own has come back,
 * every change that was committed before it was sent has been received; `isCurrent` and `settled`
 * depend on that.
 */
export class Changes {
  readonly #database: Database;
  readonly #onChange: (words: string[] | 'everything') => void;
  /** Heartbeats that were sent and have not come back. */
  readonly #pending = new Map<string, { sentAt: number; arrived: () => void }>();
  #stop: (() => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Every change that was committed before this time has been received. */
  #receivedUntil = -Infinity;
  #isInUse = false;

  /** @param onChange Called with what changed, in the terms of `dependency` (`knowledge/reading`). */
  constructor(database: Database, onChange: (words: string[] | 'everything') => void) {
    this.#database = database;
    this.#onChange = onChange;
  }

  /** Begins to listen. Nothing is current until the first heartbeat has come back. */
  async start(): Promise<void> {
    this.#stop = await this.#database.listen(
      channel,
      (payload) => this.#receive(payload),
      () => this.#reconnected(),
    );
    this.#timer = setInterval(() => {
      if (this.#isInUse) this.#beat();
    }, heartbeatMs);
    this.#timer.unref();
    this.#beat();
  }

  /**
   * Whether every change has been received that was committed up to less than a second ago.
   * Heartbeats are sent only while this is called, so the first call may return false.
   */
  isCurrent(): boolean {
    const current = performance.now() - this.#receivedUntil < heartbeatTimeoutMs;
    if (!current && this.#pending.size === 0) this.#beat();
    this.#isInUse = true;
    return current;
  }

  /**
   * Waits until every change has been received that is committed by now. If the heartbeat is lost,
   * anything may have changed.
   */
  async settled(): Promise<void> {
    try {
      await this.#send();
    } catch {
      this.#onChange('everything');
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#stop?.();
  }

  // Private:

  /** Notifications from before a reconnection were missed, heartbeats too. */
  #reconnected(): void {
    this.#onChange('everything');
    for (const { arrived } of this.#pending.values()) arrived();
  }

  #receive(payload: string): void {
    if (!payload.startsWith(heartbeatPayload)) {
      this.#onChange(payload === '*' ? 'everything' : payload.split(' '));
      return;
    }
    const own = this.#pending.get(payload);
    if (!own) return;
    this.#pending.delete(payload);
    this.#receivedUntil = Math.max(this.#receivedUntil, own.sentAt);
    own.arrived();
  }

  #beat(): void {
    this.#isInUse = false;
    // Without a heartbeat `isCurrent` returns false; no other handling is needed.
    this.#send().catch(() => {});
  }

  /** Sends a heartbeat and waits until it comes back. */
  async #send(): Promise<void> {
    const heartbeat = `${heartbeatPayload}${randomUUID()}`;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#pending.set(heartbeat, { sentAt: performance.now(), arrived: resolve });
        timer = setTimeout(() => reject(new Error('no answer')), maxDeliveryMs);
        timer.unref();
        this.#database.db.execute(sql`select pg_notify(${channel}, ${heartbeat})`).catch(reject);
      });
    } finally {
      clearTimeout(timer);
      this.#pending.delete(heartbeat);
    }
  }
}
