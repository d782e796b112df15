/** Reads the objects of a Popolo file: one JSON document, or one object a line. */
import { TokenParser, Tokenizer, TokenType, type ParsedElementInfo } from '@streamparser/json';
import { isUnreadable, type Incoming, type Unreadable } from '../incoming.js';
import { readingProblem, readLines, unpackedChunks, type ByteSource } from '../lines.js';
import { sharedIdentifiers } from './claims.js';
import { parseLine } from './jsonl.js';
import { PopoloContext } from './popolo.js';
import {
  classOf,
  embeddedIn,
  popoloClasses,
  type PopoloClass,
  type PopoloObject,
} from './popoloObjects.js';

/**
 * The records of a file.
 *
 * @param ids The scheme of the ids, and the source within which they hold.
 * @param onBytes Told how many bytes of the file were read.
 * @param onSkipped Told at the end what was left out.
 */
export async function* readPopolo(
  source: ByteSource,
  ids: { scheme: string; source: string },
  onBytes: (bytes: number) => void,
  onSkipped: (skipped: ReadonlyMap<string, number>) => void = () => {},
): AsyncGenerator<Incoming[]> {
  const context = new PopoloContext(ids.scheme, ids.source);
  for await (const objects of readObjects(source, () => {})) {
    for (const object of objects) {
      if (!isUnreadable(object))
        for (const each of [object, ...embeddedIn(object)]) context.note(each);
    }
  }
  for await (const objects of readObjects(source, onBytes)) {
    yield objects.flatMap((object) =>
      isUnreadable(object)
        ? object
        : [...embeddedIn(object), object].flatMap((each) => context.recordsOf(each)),
    );
  }
  if (context.sharedIdentifiers > 0) {
    onSkipped(new Map([[sharedIdentifiers, context.sharedIdentifiers]]));
  }
}

// Private:

type Objects = AsyncGenerator<(PopoloObject | Unreadable)[]>;
type Data = Record<string, unknown>;

async function* readObjects(source: ByteSource, onBytes: (bytes: number) => void): Objects {
  yield* (await isOnePerLine(source))
    ? readOnePerLine(source, onBytes)
    : readDocument(source, onBytes);
}

/** Whether the first line is a whole object and not the beginning of a document. */
async function isOnePerLine(source: ByteSource): Promise<boolean> {
  for await (const [first] of readLines(source)) {
    if (!first) continue;
    if (isUnreadable(first)) return false;
    const parsed = parseLine(first);
    return !isUnreadable(parsed) && !popoloClasses.some((name) => name in (parsed.data as Data));
  }
  return true;
}

async function* readOnePerLine(source: ByteSource, onBytes: (bytes: number) => void): Objects {
  for await (const lines of readLines(source, onBytes)) {
    yield lines.map((line) => {
      const parsed = isUnreadable(line) ? line : parseLine(line);
      if (isUnreadable(parsed)) return parsed;
      const { origin } = parsed;
      const data = parsed.data as Data;
      const name = classOf(data);
      const choice = popoloClasses.join(', ');
      return name
        ? { origin, class: name, data }
        : {
            origin,
            problem: `nothing tells the class of the object: give it a "type", one of ${choice}`,
          };
    });
  }
}

/** `{ "persons": [ … ], "organizations": [ … ], … }`, of which only one object is held at a time. */
async function* readDocument(source: ByteSource, onBytes: (bytes: number) => void): Objects {
  const document = new DocumentParser(source.name);
  try {
    for await (const chunk of unpackedChunks(source, onBytes)) {
      yield document.read(chunk);
      if (document.failed) return;
    }
    yield document.end();
  } catch (error) {
    const problem = readingProblem(error);
    if (problem === undefined) throw error;
    yield [{ origin: { file: source.name, line: document.line }, problem }];
  }
}

class DocumentParser {
  readonly #name: string;
  readonly #tokenizer = new Tokenizer();
  readonly #parser = new TokenParser({
    paths: popoloClasses.map((name) => `$.${name}.*`),
    keepStack: false,
  });
  #objects: (PopoloObject | Unreadable)[] = [];
  /** The line that was read last. */
  line = 1;
  /** Where the object that is being read begins. */
  #beginsAt = 1;
  #depth = 0;
  /** What was counted of the bytes so far. */
  #counted = 0;
  #chunk: Uint8Array = new Uint8Array();
  #chunkStart = 0;
  failed = false;

  constructor(name: string) {
    this.#name = name;
    this.#tokenizer.onToken = (token) => {
      if (token.token === TokenType.LEFT_BRACE || token.token === TokenType.LEFT_BRACKET) {
        this.#depth++;
        if (this.#depth === 3) this.#beginsAt = this.#lineAt(token.offset);
      } else if (token.token === TokenType.RIGHT_BRACE || token.token === TokenType.RIGHT_BRACKET) {
        this.#depth--;
      }
      this.#parser.write(token);
    };
    this.#tokenizer.onError = (error) => this.#fail(error);
    this.#parser.onError = (error) => this.#fail(error);
    this.#parser.onValue = (element) => this.#take(element);
  }

  read(chunk: Uint8Array): (PopoloObject | Unreadable)[] {
    this.#chunk = chunk;
    this.#tokenizer.write(chunk);
    this.#lineAt(this.#chunkStart + chunk.length);
    this.#chunkStart += chunk.length;
    return this.#taken();
  }

  end(): (PopoloObject | Unreadable)[] {
    if (!this.failed && !this.#parser.isEnded) this.#fail(new Error('it ends too early'));
    return this.#taken();
  }

  // Private:

  #take({ value, stack }: ParsedElementInfo): void {
    const origin = { file: this.#name, line: this.#beginsAt };
    const name = (stack as { key?: unknown }[] | undefined)?.at(-1)?.key;
    this.#objects.push({ origin, class: name as PopoloClass, data: value as Data });
  }

  #taken(): (PopoloObject | Unreadable)[] {
    const taken = this.#objects;
    this.#objects = [];
    return taken;
  }

  #fail(error: Error): void {
    if (this.failed) return;
    this.failed = true;
    const problem = `the file is not a Popolo document in JSON: ${error.message}`;
    this.#objects.push({ origin: { file: this.#name, line: this.line }, problem });
  }

  /** The line of a place in the current chunk; asked for in the order of the places. */
  #lineAt(offset: number): number {
    for (; this.#counted < offset; this.#counted++) {
      if (this.#chunk[this.#counted - this.#chunkStart] === 10) this.line++;
    }
    return this.line;
  }
}
