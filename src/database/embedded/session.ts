/** One connection to the socket of the embedded database. */
import type { Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import {
  endsIdle,
  fatal,
  olderProtocol,
  sent,
  simpleQuery,
  startupCodes,
  statementName,
  sync,
  takeMessage,
  takeStartup,
  TooLong,
  welcome,
} from './messages.js';

export interface SessionOptions {
  /** What a client is told of the server: its version and how values are written. */
  parameters: Record<string, string>;
  /** How long a client may leave a transaction idle, in milliseconds. */
  idleInTransactionTimeoutMs: number;
}

/**
 * PGlite has one session, which the process that opened it uses as well. So a client gets it from
 * the first message of a query to the end of its transaction, and all others wait meanwhile. It
 * goes through PGlite's own queue of transactions: a client waits its turn like everything else.
 */
export class Session {
  /** Settles when the connection has ended and left nothing behind. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #client: PGlite;
  readonly #options: SessionOptions;
  #received: Buffer = Buffer.alloc(0);
  #hasStarted = false;
  /** Messages of a query whose end has not come yet. */
  #pending: Buffer[] = [];
  /** Ends the turn; undefined while it is not this client's. */
  #release: (() => void) | undefined;
  /** Statements that the client has prepared, which would otherwise stay behind. */
  readonly #prepared = new Set<string>();
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, client: PGlite, options: SessionOptions) {
    this.#socket = socket;
    this.#client = client;
    this.#options = options;
    // What went wrong on the way is followed by `close`.
    socket.on('error', () => {});
    this.ended = this.#serve().finally(() => this.#leave());
  }

  /** Rolls back what runs and ends the connection. */
  end(reason: string): void {
    if (this.#socket.writable) this.#socket.end(fatal('57P01', reason));
    this.#socket.destroySoon();
  }

  // Private:

  async #serve(): Promise<void> {
    try {
      for await (const chunk of this.#socket) {
        clearTimeout(this.#idleTimer);
        const bytes = chunk as Buffer;
        this.#received = this.#received.length ? Buffer.concat([this.#received, bytes]) : bytes;
        if (!(await this.#readAll())) break;
        if (this.#release) this.#limitIdle();
      }
    } catch (error) {
      // A connection that breaks off needs no answer; what cannot be read or run gets one.
      const reason = error instanceof Error ? error.message : String(error);
      const state = error instanceof TooLong ? '08P01' : 'XX000';
      if (this.#socket.writable) this.#socket.end(fatal(state, reason));
    } finally {
      clearTimeout(this.#idleTimer);
      this.#socket.destroySoon();
    }
  }

  /** @returns false when the client says good-bye */
  async #readAll(): Promise<boolean> {
    while (!this.#hasStarted) {
      const taken = takeStartup(this.#received);
      if (!taken) return true;
      this.#received = taken.rest;
      if (taken.code === startupCodes.cancel) return false;
      await this.#start(taken.code);
    }
    for (;;) {
      const taken = takeMessage(this.#received);
      if (!taken) return true;
      this.#received = taken.rest;
      const { message } = taken;
      if (message[0] === sent.terminate) return false;
      if (message[0] === sent.parse) this.#note(statementName(message));
      this.#pending.push(message);
      if (message[0] === sent.query || message[0] === sent.sync || message[0] === sent.flush) {
        const query = Buffer.concat(this.#pending);
        this.#pending = [];
        await this.#run(query);
      }
    }
  }

  async #start(code: number): Promise<void> {
    if (code === startupCodes.tls || code === startupCodes.gss) {
      await this.#write(Buffer.from('N'));
      return;
    }
    const [major, minor] = [code >>> 16, code & 0xffff];
    if (major !== 3) throw new Error(`protocol ${major}.${minor} is not spoken here`);
    if (minor > 0) await this.#write(olderProtocol());
    this.#hasStarted = true;
    await this.#write(welcome(this.#options.parameters));
  }

  async #run(query: Buffer): Promise<void> {
    if (!this.#release) await this.#take();
    const answer = await this.#ask(query);
    if (endsIdle(answer)) this.#giveBack();
    await this.#write(answer);
  }

  /** Notifications in the answer reach those in this process who listen, too. */
  async #ask(query: Buffer): Promise<Uint8Array> {
    const run = () => this.#client.execProtocol(query, { throwOnError: false });
    return (await this.#client.runExclusive(run)).data;
  }

  #take(): Promise<void> {
    return new Promise((granted, failed) => {
      const turn = () =>
        new Promise<void>((release) => {
          this.#release = release;
          granted();
        });
      this.#client._runExclusiveTransaction(turn).catch(failed);
    });
  }

  #giveBack(): void {
    this.#release?.();
    this.#release = undefined;
  }

  #note(name: string): void {
    if (name !== '') this.#prepared.add(name);
  }

  #limitIdle(): void {
    this.#idleTimer = setTimeout(() => {
      this.end('the transaction was idle for too long');
      this.#socket.destroy();
    }, this.#options.idleInTransactionTimeoutMs);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.#socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.once('drain', done).once('close', done);
    });
  }

  /** PGlite's session goes on for others: without this client's transaction and statements. */
  async #leave(): Promise<void> {
    try {
      if (this.#release) await this.#ask(Buffer.concat([sync(), simpleQuery('rollback')]));
      else if (this.#prepared.size > 0) await this.#take();
      for (const name of this.#prepared) {
        await this.#ask(simpleQuery(`deallocate "${name.replaceAll('"', '""')}"`));
      }
    } catch {
      // The database is closed, and with it all that was left.
    } finally {
      this.#giveBack();
    }
  }
}
