/** From the bytes of a file to its lines: unpacked, decoded, and each with its number. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { EncodingError, inUtf8 } from './encoding.js';
import type { Origin, Unreadable } from './parsedRecord.js';

export interface Line {
  origin: Origin;
  text: string;
}

/** No record is as long as this many bytes; a line that is longer is never held in full. */
export const maxLineBytes = 16 * 1024 * 1024;

export interface ByteSource {
  /** For messages. */
  name: string;
  open(): Readable;
  /** Its size in bytes, packed or not; undefined where that is unknown. */
  size?: number | undefined;
  /** The encoding of its text; by default UTF-8, or UTF-16 where a byte order mark says so. */
  encoding?: string | undefined;
}

export const fileSource = (path: string, size?: number): ByteSource => ({
  name: path,
  open: () => createReadStream(path, { highWaterMark: 1 << 18 }),
  size,
});

/**
 * The lines of a file in UTF-8, packed with gzip or not, as many at a time as were read at
 * once; empty ones are left out. A line that is no text, or too long for a record, comes as
 * `Unreadable`, and so does an end that comes too early.
 *
 * @param onBytes Called with the number of bytes read of the file.
 */
export async function* readLines(
  source: ByteSource,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<(Line | Unreadable)[]> {
  let number = 0;
  const read = (line: Buffer | 'too long'): Line | Unreadable | undefined => {
    const origin = { file: source.name, line: ++number };
    if (line === 'too long') return { origin, problem: tooLong };
    const text = decode(line, number === 1);
    if (text === undefined) return { origin, problem: notText };
    return text.trim() ? { origin, text } : undefined;
  };
  try {
    for await (const lines of splitLines(unpackedChunks(source, onBytes))) {
      yield lines.map(read).filter((line) => line !== undefined);
    }
  } catch (error) {
    const problem = readingProblem(error);
    if (problem === undefined) throw error;
    yield [{ origin: { file: source.name, line: number + 1 }, problem }];
  }
}

/** The text of a file in UTF-8, unpacked where its bytes begin as gzip does. */
export const unpackedChunks = (
  source: ByteSource,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> => inUtf8(unpacked(source, onBytes), source.encoding);

/** Why the bytes of a file are no text, in words; undefined for errors of another kind. */
export function readingProblem(error: unknown): string | undefined {
  if (error instanceof EncodingError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return 'the gzip file ends too early: fetch it again';
  if (code?.startsWith('Z_')) return 'the gzip file is damaged: fetch it again';
  return undefined;
}

/**
 * The lines of a text as bytes, each without the line feed that ends it, as many at a time as were
 * read at once. In place of a line that is too long for a record stand the words.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<(Buffer | 'too long')[]> {
  let pieces: Buffer[] = [];
  let length = 0;
  const keep = (piece: Buffer) => {
    length += piece.length;
    if (length > maxLineBytes) pieces = [];
    else pieces.push(piece);
  };
  const finished = (): Buffer | 'too long' => {
    const whole = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
    const line = length > maxLineBytes ? 'too long' : whole;
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    const lines: (Buffer | 'too long')[] = [];
    let from = 0;
    for (let to = chunk.indexOf(newline); to >= 0; to = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, to));
      lines.push(finished());
      from = to + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
    yield lines;
  }
  if (length > 0) yield [finished()];
}

/** The text of a line; undefined where it is not UTF-8. */
export function decodeLine(line: Buffer): string | undefined {
  try {
    return decoder.decode(line);
  } catch {
    return undefined;
  }
}

// Private:

export const tooLong = `the line is longer than ${maxLineBytes / 1024 / 1024} MB, as no record is`;
export const otherEncoding =
  'save it in that encoding, or name the one that it has, as in --encoding windows-1252';

const notText = `the line is not UTF-8, as the file should be: ${otherEncoding}`;

async function* countedChunks(
  input: Readable,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    onBytes((bytes += chunk.length));
    yield chunk;
  }
}

async function* continued(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* unpacked(
  source: ByteSource,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const chunks = countedChunks(source.open(), onBytes)[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const all = continued(first.value, chunks);
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield* all;
    return;
  }
  const gunzip = createGunzip();
  const piped = pipeline(Readable.from(all), gunzip);
  piped.catch(() => {});
  yield* gunzip as unknown as AsyncIterable<Buffer>;
  await piped;
}

const newline = 10;
const carriageReturn = 13;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a line without what ends it and, in the first, the byte order mark. */
function decode(line: Buffer, isFirst: boolean): string | undefined {
  const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
  const text = decodeLine(line.subarray(0, end));
  return isFirst && text?.startsWith('\uFEFF') ? text.slice(1) : text;
}
