/** One client connection to the socket of the embedded database. */
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
  /** ParameterStatus values: the server's version and the format of values. */
  parameters: Record<string, string>;
  /** How long a client may leave a transaction idle. */
  idleInTransactionTimeoutMs: number;
}

/**
 * PGlite has one session, which the process that opened it uses as well. So a client holds it from
 * the first message of a query to the end of its transaction, while all others wait. It is granted
 * through PGlite's own queue of transactions, in turn with the queries of the process itself.
 */
export class Session {
  /** Settles when the connection has ended and its transaction and statements are gone. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #client: PGlite;
  readonly #options: SessionOptions;
  #received: Buffer = Buffer.alloc(0);
  #hasStarted = false;
  /** Messages of a query that is not complete. */
  #pending: Buffer[] = [];
  /** Releases PGlite's session; undefined while this client does not hold it. */
  #release: (() => void) | undefined;
  /** Statements that the client has prepared, to be deallocated at its end. */
  readonly #prepared = new Set<string>();
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, client: PGlite, options: SessionOptions) {
    this.#socket = socket;
    this.#client = client;
    this.#options = options;
    // An error is followed by `close`, which ends the session.
    socket.on('error', () => {});
    this.ended = this.#serve().finally(() => this.#cleanUp());
  }

  /** Rolls back the client's transaction and ends the connection. */
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
        if (!(await this.#processReceived())) break;
        if (this.#release) this.#limitIdle();
      }
    } catch (error) {
      // A lost connection gets no response; a message that cannot be parsed or run gets an error.
      const reason = error instanceof Error ? error.message : String(error);
      const state = error instanceof TooLong ? '08P01' : 'XX000';
      if (this.#socket.writable) this.#socket.end(fatal(state, reason));
    } finally {
      clearTimeout(this.#idleTimer);
      this.#socket.destroySoon();
    }
  }

  /** @returns false when the client terminates the connection */
  async #processReceived(): Promise<boolean> {
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
      if (message[0] === sent.parse) this.#rememberStatement(statementName(message));
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
    if (major !== 3) throw new Error(`protocol ${major}.${minor} is not supported`);
    if (minor > 0) await this.#write(olderProtocol());
    this.#hasStarted = true;
    await this.#write(welcome(this.#options.parameters));
  }

  async #run(query: Buffer): Promise<void> {
    if (!this.#release) await this.#acquireSession();
    const response = await this.#execute(query);
    if (endsIdle(response)) this.#releaseSession();
    await this.#write(response);
  }

  /** PGlite also delivers notifications in the response to the listeners of this process. */
  async #execute(query: Buffer): Promise<Uint8Array> {
    const run = () => this.#client.execProtocol(query, { throwOnError: false });
    return (await this.#client.runExclusive(run)).data;
  }

  #acquireSession(): Promise<void> {
    return new Promise((granted, failed) => {
      const turn = () =>
        new Promise<void>((release) => {
          this.#release = release;
          granted();
        });
      this.#client._runExclusiveTransaction(turn).catch(failed);
    });
  }

  #releaseSession(): void {
    this.#release?.();
    this.#release = undefined;
  }

  #rememberStatement(name: string): void {
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

  /** PGlite's session outlives the client, so its transaction and statements are removed. */
  async #cleanUp(): Promise<void> {
    try {
      if (this.#release) await this.#execute(Buffer.concat([sync(), simpleQuery('rollback')]));
      else if (this.#prepared.size > 0) await this.#acquireSession();
      for (const name of this.#prepared) {
        await this.#execute(simpleQuery(`deallocate "${name.replaceAll('"', '""')}"`));
      }
    } catch {
      // The database is closed, and the session with it.
    } finally {
      this.#releaseSession();
    }
  }
}
