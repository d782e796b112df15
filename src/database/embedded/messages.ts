/**
 * Messages of PostgreSQL's protocol 3 that a session of the embedded database's socket parses or
 * writes itself; all others pass between client and PGlite unchanged.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

/** Requests before a session begins, by the number after the length. */
export const startupCodes = { cancel: 80877102, tls: 80877103, gss: 80877104 } as const;

/** Types of client messages. */
export const sent = {
  query: 'Q'.charCodeAt(0),
  parse: 'P'.charCodeAt(0),
  flush: 'H'.charCodeAt(0),
  sync: 'S'.charCodeAt(0),
  terminate: 'X'.charCodeAt(0),
};

/** Takes a startup message, which has no type; undefined while it is incomplete. */
export function takeStartup(from: Buffer): { code: number; rest: Buffer } | undefined {
  if (from.length < 8) return undefined;
  const length = lengthAt(from, 0, 8);
  return from.length < length
    ? undefined
    : { code: from.readUInt32BE(4), rest: from.subarray(length) };
}

/** Takes a message with a type; undefined while it is incomplete. */
export function takeMessage(from: Buffer): { message: Buffer; rest: Buffer } | undefined {
  if (from.length < 5) return undefined;
  const length = 1 + lengthAt(from, 1, 4);
  return from.length < length
    ? undefined
    : { message: from.subarray(0, length), rest: from.subarray(length) };
}

/** The name of the prepared statement in a Parse message; empty for the unnamed one. */
export const statementName = (parse: Buffer): string =>
  parse.toString('utf8', 5, parse.indexOf(0, 5));

/** The server's response to a startup message: AuthenticationOk to ReadyForQuery. */
export const welcome = (parameters: Record<string, string>): Buffer =>
  Buffer.concat([
    message('R', int32(0)),
    ...Object.entries(parameters).map(([name, value]) => message('S', text(name), text(value))),
    // A key that cancels nothing: PGlite's one thread is busy while a statement runs.
    message('K', int32(0), int32(0)),
    message('Z', Buffer.from('I')),
  ]);

/** NegotiateProtocolVersion: no newer minor version is supported. */
export const olderProtocol = (): Buffer => message('v', int32(0), int32(0));

/** An error after which the connection ends. */
export const fatal = (sqlState: string, reason: string): Buffer =>
  message('E', ...['SFATAL', 'VFATAL', `C${sqlState}`, `M${reason}`].map(text), Buffer.of(0));

/** A Query message of the simple protocol. */
export const simpleQuery = (sql: string): Buffer => message('Q', text(sql));

export const sync = (): Buffer => message('S');

/** Whether a response ends with ReadyForQuery outside a transaction. */
export const endsIdle = (response: Uint8Array): boolean =>
  response.length >= 6 && response.at(-6) === readyForQuery && response.at(-1) === idle;

/** A message exceeds `maxLength`. */
export class TooLong extends Error {
  override name = 'TooLong';
}

// Private:

/** The longest legitimate message is a batch of an import, of some megabytes. */
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
