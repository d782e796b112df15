/**
 * The messages of PostgreSQL's protocol 3 that a session of the embedded database's socket reads
 * and writes by itself; all others go to PGlite and come from it as they are.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

/** What a client sends before it has a session, by the number behind the length. */
export const startupCodes = { cancel: 80877102, tls: 80877103, gss: 80877104 } as const;

/** Types of messages of a client. */
export const sent = {
  query: 'Q'.charCodeAt(0),
  parse: 'P'.charCodeAt(0),
  flush: 'H'.charCodeAt(0),
  sync: 'S'.charCodeAt(0),
  terminate: 'X'.charCodeAt(0),
};

/** A message without a type, as a connection begins with; undefined while it is not complete. */
export function takeStartup(from: Buffer): { code: number; rest: Buffer } | undefined {
  if (from.length < 8) return undefined;
  const length = lengthAt(from, 0, 8);
  return from.length < length
    ? undefined
    : { code: from.readUInt32BE(4), rest: from.subarray(length) };
}

/** A message with its type; undefined while it is not complete. */
export function takeMessage(from: Buffer): { message: Buffer; rest: Buffer } | undefined {
  if (from.length < 5) return undefined;
  const length = 1 + lengthAt(from, 1, 4);
  return from.length < length
    ? undefined
    : { message: from.subarray(0, length), rest: from.subarray(length) };
}

/** The name of the statement that a message Parse makes; empty for the one without a name. */
export const statementName = (parse: Buffer): string =>
  parse.toString('utf8', 5, parse.indexOf(0, 5));

/** What a client waits for before it sends its first query. */
export const welcome = (parameters: Record<string, string>): Buffer =>
  Buffer.concat([
    message('R', int32(0)),
    ...Object.entries(parameters).map(([name, value]) => message('S', text(name), text(value))),
    // Nothing can be cancelled: there is one thread, and it is at work.
    message('K', int32(0), int32(0)),
    message('Z', Buffer.from('I')),
  ]);

/** That a newer minor version of the protocol is not spoken here. */
export const olderProtocol = (): Buffer => message('v', int32(0), int32(0));

/** An error after which the connection ends. */
export const fatal = (sqlState: string, reason: string): Buffer =>
  message('E', ...['SFATAL', 'VFATAL', `C${sqlState}`, `M${reason}`].map(text), Buffer.of(0));

/** A query of one message. */
export const simpleQuery = (sql: string): Buffer => message('Q', text(sql));

export const sync = (): Buffer => message('S');

/** Whether an answer ends with: ready for the next query, outside a transaction. */
export const endsIdle = (answer: Uint8Array): boolean =>
  answer.length >= 6 && answer.at(-6) === readyForQuery && answer.at(-1) === idle;

/** A message longer than any of ours. */
export class TooLong extends Error {
  override name = 'TooLong';
}

// Private:

/** The longest message of ours is a batch of an import, of some megabytes. */
const maxLength = 64 * 1024 * 1024;

const readyForQuery = 'Z'.charCodeAt(0);
const idle = 'I'.charCodeAt(0);

function lengthAt(from: Buffer, at: number, min: number): number {
  const length = from.readUInt32BE(at);
  if (length < min || length > maxLength) throw new TooLong(`a message of ${length} bytes`);
  return length;
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const text = (value: string): Buffer => Buffer.from(`${value}\0`);

function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(4 + body.length), body]);
}
