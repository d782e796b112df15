import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Database } from './database.js';

/** Where triggers tell what changed; see the migration `changes`. */
const channel = 'chancery_changes';

/** How often it is tried whether changes are still heard, in milliseconds. */
const heartbeatMs = 250;

/** What was true so long ago, in milliseconds, may be true no more unless we hear the changes. */
const heartbeatTimeoutMs = 800;

/** How long a change may take to arrive, in milliseconds, before it counts as lost. */
const maxDeliveryMs = 5000;

const heartbeatPayload = 'beat:';

/**
 * What changes in the database, whoever changes it: this process, another server, a person
 * with a console.
 *
 * Notifications arrive in the order of the commits. So when one of our own has come back, all
 * that was committed before it was sent has been heard; on that rest `isCurrent` and `settled`.
 */
export class Changes {
  readonly #database: Database;
  readonly #heard: (words: string[] | 'everything') => void;
  /** What we sent and have not heard yet: when it was sent, and who waits for it. */
  readonly #underWay = new Map<string, { sentAt: number; arrived: () => void }>();
  #stop: (() => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Everything that was committed before this time has been heard. */
  #heardUntil = -Infinity;
  #wanted = false;

  /** @param heard Told what changed, in the words of `dependency` in `knowledge/reading/view.ts`, or that anything may have. */
  constructor(database: Database, heard: (words: string[] | 'everything') => void) {
    this.#database = database;
    this.#heard = heard;
  }

  /** Begins to listen. Until the first of our own notifications is back, nothing is current. */
  async start(): Promise<void> {
    this.#stop = await this.#database.listen(
      channel,
      (payload) => this.#hear(payload),
      () => this.#hearAnew(),
    );
    this.#timer = setInterval(() => {
      if (this.#wanted) this.#try();
    }, heartbeatMs);
    this.#timer.unref();
    this.#try();
  }

  /**
   * Whether everything has been heard that was committed up to less than a second ago. While
   * nobody asks this, nothing is sent; the first to ask may be told no.
   */
  isCurrent(): boolean {
    const current = performance.now() - this.#heardUntil < heartbeatTimeoutMs;
    if (!current && this.#underWay.size === 0) this.#try();
    this.#wanted = true;
    return current;
  }

  /**
   * Waits until everything has been heard that is committed by now. If that does not arrive,
   * anything may have changed.
   */
  async settled(): Promise<void> {
    try {
      await this.#send();
    } catch {
      this.#heard('everything');
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#stop?.();
  }

  // Private:

  /** What was notified before was missed, also what we sent ourselves. */
  #hearAnew(): void {
    this.#heard('everything');
    for (const { arrived } of this.#underWay.values()) arrived();
  }

  #hear(payload: string): void {
    if (!payload.startsWith(heartbeatPayload)) {
      this.#heard(payload === '*' ? 'everything' : payload.split(' '));
      return;
    }
    const own = this.#underWay.get(payload);
    if (!own) return;
    this.#underWay.delete(payload);
    this.#heardUntil = Math.max(this.#heardUntil, own.sentAt);
    own.arrived();
  }

  #try(): void {
    this.#wanted = false;
    // What does not come back leaves us not current, which is all that has to follow from it.
    this.#send().catch(() => {});
  }

  /** Sends a notification and waits until it comes back. */
  async #send(): Promise<void> {
    const word = `${heartbeatPayload}${randomUUID()}`;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#underWay.set(word, { sentAt: performance.now(), arrived: resolve });
        timer = setTimeout(() => reject(new Error('no answer')), maxDeliveryMs);
        timer.unref();
        this.#database.db.execute(sql`select pg_notify(${channel}, ${word})`).catch(reject);
      });
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(word);
    }
  }
}
