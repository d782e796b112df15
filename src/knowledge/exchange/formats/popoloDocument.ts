/** Reads the objects of a JSON document as it comes, of which only one is held at a time. */
import { TokenParser, Tokenizer, TokenType, type ParsedElementInfo } from '@streamparser/json';
import { exactNumber } from '../../values/numbers.js';
import type { Unreadable } from '../stream/parsedRecord.js';
import { maxLineBytes, otherEncoding } from '../stream/lines.js';
import { maxDepth, tooDeep } from './nesting.js';
import type { LeftOut } from './leftOut.js';
import {
  classNamed,
  classOf,
  listOf,
  type PopoloClass,
  type PopoloObject,
} from './popoloObjects.js';
import { wrappers, type PopoloShape } from './popoloShape.js';
import { textIn, textOf } from './normalize.js';
import { isData } from '../../values/data.js';

type Data = Record<string, unknown>;
type Objects = (PopoloObject | Unreadable)[];

export interface DocumentOptions {
  shape: Exclude<PopoloShape, 'lines'>;
  /** The class of objects where nothing else decides it. */
  byDefault: PopoloClass | undefined;
  leftOut: LeftOut;
}

/** Ids that are numbers keep all their digits. */
class ExactTokenizer extends Tokenizer {
  override parseNumber(text: string): number {
    // The parser hands on whatever value a token has.
    return exactNumber(text) as number;
  }
}

export class DocumentParser {
  readonly #file: string;
  readonly #options: DocumentOptions;
  readonly #tokenizer = new ExactTokenizer();
  readonly #parser: TokenParser;
  #objects: Objects = [];
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

  constructor(file: string, options: DocumentOptions) {
    this.#file = file;
    this.#options = options;
    const { path, depth } = arrangements[options.shape];
    this.#parser = new TokenParser({ paths: [path], keepStack: false });
    this.#tokenizer.onToken = (token) => {
      if (this.failed) return;
      const line = this.#lineAt(token.offset);
      if (token.token === TokenType.LEFT_BRACE || token.token === TokenType.LEFT_BRACKET) {
        this.#depth++;
        if (this.#depth === depth) this.#beginsAt = line;
        if (this.#depth > maxDepth) return this.#fail(new Error(tooDeep));
      } else if (token.token === TokenType.RIGHT_BRACE || token.token === TokenType.RIGHT_BRACKET) {
        this.#depth--;
      }
      this.#parser.write(token);
    };
    this.#tokenizer.onError = (error) => this.#fail(error);
    this.#parser.onError = (error) => this.#fail(error);
    this.#parser.onValue = (element) => this.#take(element);
  }

  read(chunk: Uint8Array): Objects {
    this.#chunk = chunk;
    this.#tokenizer.write(chunk);
    this.#lineAt(this.#chunkStart + chunk.length);
    this.#chunkStart += chunk.length;
    if (this.#options.shape === 'object' && this.#chunkStart > maxLineBytes) {
      this.#fail(new Error(`it is one object of more than ${maxLineBytes / 1024 / 1024} MB`));
    }
    return this.#taken();
  }

  end(): Objects {
    if (!this.failed && !this.#parser.isEnded) this.#fail(new Error('it ends too early'));
    return this.#taken();
  }

  // Private:

  get #origin(): PopoloObject['origin'] {
    return { file: this.#file, line: this.#beginsAt };
  }

  #take({ value, key, stack }: ParsedElementInfo): void {
    const { shape } = this.#options;
    if (shape !== 'document') return this.#add(value, undefined);
    const list = String((stack as { key?: unknown }[] | undefined)?.at(-1)?.key);
    const name = classNamed(list);
    // A map of objects by their ids.
    if (name && isData(value) && typeof key === 'string') value['id'] ??= key;
    if (name) return this.#add(value, name);
    if (!wrappers.has(list)) {
      if (typeof value === 'object' && value !== null)
        this.#options.leftOut.add(list, 1, this.#origin);
      return;
    }
    const inner = typeof key === 'string' ? classNamed(key) : undefined;
    if (inner) for (const each of listOf(value)) this.#add(each, inner);
    else if (isData(value)) this.#add(value, undefined);
  }

  #add(value: unknown, ofList: PopoloClass | undefined): void {
    const origin = this.#origin;
    if (!isData(value)) {
      const problem = 'the list holds something else than objects';
      this.#objects.push({ origin, problem, text: JSON.stringify(value) });
      return;
    }
    this.#objects.push(
      objectOf(value, origin, ofList ?? classOf(value) ?? this.#options.byDefault),
    );
  }

  #taken(): Objects {
    const taken = this.#objects;
    this.#objects = [];
    return taken;
  }

  #fail(error: Error): void {
    if (this.failed) return;
    this.failed = true;
    const problem = isNoText(error)
      ? `the file is not UTF-8: ${otherEncoding}`
      : `the file is not a Popolo document in JSON: ${error.message}`;
    this.#objects.push({ origin: { file: this.#file, line: this.line }, problem });
  }

  /** The line of a place in the current chunk; looked up in the order of the places. */
  #lineAt(offset: number): number {
    for (; this.#counted < offset; this.#counted++) {
      if (this.#chunk[this.#counted - this.#chunkStart] === 10) this.line++;
    }
    return this.line;
  }
}

/** An object with its class, or what is wrong where nothing decides it. */
export function objectOf(
  data: Data,
  origin: PopoloObject['origin'],
  name: PopoloClass | undefined,
): PopoloObject | Unreadable {
  if (name) return { origin, class: name, data };
  const shown = textIn(data['name']) ?? textOf(data['id']);
  const which = shown === undefined ? 'the object' : `the object ${JSON.stringify(shown)}`;
  const problem = `nothing tells the class of ${which}: give it a "type", one of person, organization, membership, post, area, event`;
  return { origin, problem };
}

// Private:

const isNoText = (error: Error): boolean =>
  (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ||
  /not valid for encoding/.test(error.message);

/** Which values are objects, and how deep they stand. */
const arrangements: Record<DocumentOptions['shape'], { path: string; depth: number }> = {
  document: { path: '$.*.*', depth: 3 },
  array: { path: '$.*', depth: 2 },
  object: { path: '$', depth: 1 },
};
