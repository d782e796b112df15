/** Decodes files in other encodings than UTF-8, detected by byte order mark or named by the caller. */

/** A file's bytes are not valid in its encoding. */
export class EncodingError extends Error {
  override name = 'EncodingError';
}

/**
 * The canonical name of an encoding: `latin1` is `windows-1252`; undefined if unknown. Labels are
 * those of the WHATWG Encoding Standard.
 */
export function encodingOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/**
 * Transcodes to UTF-8. A byte order mark takes precedence over the given encoding.
 *
 * @param encoding Default UTF-8.
 * @throws EncodingError at the first invalid byte, after yielding the text before it
 */
export async function* inUtf8(
  chunks: AsyncIterable<Buffer>,
  encoding: string | undefined,
): AsyncGenerator<Buffer> {
  const all = await atLeast(chunks, sampleBytes);
  const [first] = all.head;
  if (!first) return;
  const actual = encodingByMark(first) ?? (encoding && encodingOf(encoding)) ?? 'utf-8';
  if (actual === 'utf-8') {
    if (encoding === undefined) rejectUnmarkedUtf16(first);
    if (encodingByMark(first)) all.head[0] = first.subarray(3);
    yield* all.chunks();
  } else if (actual === 'windows-1252') {
    for await (const chunk of all.chunks()) yield* fromWindows1252(chunk);
  } else {
    yield* decoded(actual.startsWith('utf-16') ? inPairs(all.chunks()) : all.chunks(), actual);
  }
}

// Private:

/** The number of bytes examined to detect UTF-16 without a byte order mark. */
const sampleBytes = 256;

/** Reads ahead so that the first chunk has at least that many bytes, if the file has. */
async function atLeast(chunks: AsyncIterable<Buffer>, bytes: number) {
  const iterator = chunks[Symbol.asyncIterator]();
  const pieces: Buffer[] = [];
  for (let length = 0; length < bytes;) {
    const next = await iterator.next();
    if (next.done) break;
    pieces.push(next.value);
    length += next.value.length;
  }
  const head = pieces.length > 0 ? [Buffer.concat(pieces)] : [];
  return {
    head,
    async *chunks(): AsyncGenerator<Buffer> {
      yield* head;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        yield next.value;
      }
    },
  };
}

function encodingByMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

/** In UTF-16, every other byte of Latin text is zero, unlike in any other encoding. */
function rejectUnmarkedUtf16(bytes: Buffer): void {
  const zeros = [0, 0];
  const length = Math.min(bytes.length, sampleBytes);
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const [fewer, more] = even < odd ? [even, odd] : [odd, even];
  if (length < 4 || more < length / 5 || fewer > more / 10) return;
  throw new EncodingError(
    `the file seems to be UTF-16 without a byte order mark: give --encoding ${odd > even ? 'utf-16le' : 'utf-16be'}`,
  );
}

const notThat = (encoding: string): EncodingError =>
  new EncodingError(`the file is not valid ${encoding} from here on: give its encoding`);

async function* decoded(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of chunks) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      if (encoding.startsWith('utf-16')) {
        // The valid text before the fault is yielded, so that errors report the right line.
        const [valid = ''] = new TextDecoder(encoding).decode(chunk).split('\uFFFD', 1);
        yield Buffer.from(valid);
      }
      throw notThat(encoding);
    }
    if (text) yield Buffer.from(text);
  }
  try {
    decoder.decode();
  } catch {
    throw notThat(encoding);
  }
}

/** Splits into chunks of even length, since UTF-16 code units have two bytes. */
async function* inPairs(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const all = Buffer.concat([rest, chunk]);
    const even = all.length - (all.length % 2);
    rest = all.subarray(even);
    yield all.subarray(0, even);
  }
  if (rest.length > 0) yield rest;
}

/** The characters of bytes 0x80 to 0x9F; spaces mark undefined ones. */
const windowsLetters = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** Own decoder: TextDecoder decodes windows-1252 as ISO 8859-1 in some releases of Node.js. */
function* fromWindows1252(chunk: Buffer): Generator<Buffer> {
  const letterOf = (byte: string) => windowsLetters[byte.charCodeAt(0) - 0x80] ?? ' ';
  const latin = chunk.toString('latin1');
  const fault = latin.search(/[\x81\x8d\x8f\x90\x9d]/);
  const valid = fault < 0 ? latin : latin.slice(0, fault);
  yield Buffer.from(valid.replace(/[\x80-\x9f]/g, letterOf));
  if (fault >= 0) throw notThat('windows-1252');
}
