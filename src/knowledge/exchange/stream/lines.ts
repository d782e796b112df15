/** Reads the lines of a file: decompresses, decodes and numbers them. */
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

/** The maximum length of a line; longer ones are skipped without buffering. */
export const maxLineBytes = 16 * 1024 * 1024;

export interface ByteSource {
  /** For messages. */
  name: string;
  open(): Readable;
  /** Its size in bytes, compressed or not; undefined if unknown. */
  size?: number | undefined;
  /** The encoding; default UTF-8, or UTF-16 with a byte order mark. */
  encoding?: string | undefined;
}

export const fileSource = (path: string, size?: number): ByteSource => ({
  name: path,
  open: () => createReadStream(path, { highWaterMark: 1 << 18 }),
  size,
});

/**
 * The non-empty lines of a file, gzipped or not, in arrays as they are read. An invalid or too long
 * line and a truncated file yield an `Unreadable`.
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

/** The bytes of a file in UTF-8; decompressed if they begin like gzip. */
export const unpackedChunks = (
  source: ByteSource,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> => inUtf8(unpacked(source, onBytes), source.encoding);

/** The message for an error of decoding or decompression; undefined for other errors. */
export function readingProblem(error: unknown): string | undefined {
  if (error instanceof EncodingError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return 'the gzip file ends too early: download it again';
  if (code?.startsWith('Z_')) return 'the gzip file is damaged: download it again';
  return undefined;
}

/** Splits bytes at line feeds, in arrays as they are read; `'too long'` replaces long lines. */
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

/** The text of a line; undefined if it is not valid UTF-8. */
export function decodeLine(line: Buffer): string | undefined {
  try {
    return decoder.decode(line);
  } catch {
    return undefined;
  }
}

// Private:

export const tooLong = `the line is longer than ${maxLineBytes / 1024 / 1024} MB, the maximum`;
export const otherEncoding =
  'save it as UTF-8, or give its encoding, as in --encoding windows-1252';

const notText = `the line is not valid UTF-8: ${otherEncoding}`;

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

/** The text of a line without carriage return and, in the first, without byte order mark. */
function decode(line: Buffer, isFirst: boolean): string | undefined {
  const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
  const text = decodeLine(line.subarray(0, end));
  return isFirst && text?.startsWith('\uFEFF') ? text.slice(1) : text;
}
