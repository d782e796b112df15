/** Streams the objects of a JSON document; only one is in memory at a time. */
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
  /** The default class of objects. */
  byDefault: PopoloClass | undefined;
  leftOut: LeftOut;
}

/** Ids that are numbers keep all digits. */
class ExactTokenizer extends Tokenizer {
  override parseNumber(text: string): number {
    // The parser passes on any value of a token.
    return exactNumber(text) as number;
  }
}

export class DocumentParser {
  readonly #file: string;
  readonly #options: DocumentOptions;
  readonly #tokenizer = new ExactTokenizer();
  readonly #parser: TokenParser;
  #objects: Objects = [];
  /** The last line read. */
  line = 1;
  /** The start of the current object. */
  #beginsAt = 1;
  #depth = 0;
  /** The number of bytes counted. */
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
      this.#fail(new Error(`an object is larger than ${maxLineBytes / 1024 / 1024} MB`));
    }
    return this.#takeObjects();
  }

  end(): Objects {
    if (!this.failed && !this.#parser.isEnded) this.#fail(new Error('the file is truncated'));
    return this.#takeObjects();
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
    // An object whose values are objects by id.
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
      const problem = 'the list contains a value that is not an object';
      this.#objects.push({ origin, problem, text: JSON.stringify(value) });
      return;
    }
    this.#objects.push(
      objectOf(value, origin, ofList ?? classOf(value) ?? this.#options.byDefault),
    );
  }

  #takeObjects(): Objects {
    const objects = this.#objects;
    this.#objects = [];
    return objects;
  }

  #fail(error: Error): void {
    if (this.failed) return;
    this.failed = true;
    const problem = isNoText(error)
      ? `the file is not UTF-8: ${otherEncoding}`
      : `the file is not a valid Popolo document: ${error.message}`;
    this.#objects.push({ origin: { file: this.#file, line: this.line }, problem });
  }

  /** The line of an offset in the current chunk; offsets are looked up in ascending order. */
  #lineAt(offset: number): number {
    for (; this.#counted < offset; this.#counted++) {
      if (this.#chunk[this.#counted - this.#chunkStart] === 10) this.line++;
    }
    return this.line;
  }
}

/** An object with its class; an error if its class is unknown. */
export function objectOf(
  data: Data,
  origin: PopoloObject['origin'],
  name: PopoloClass | undefined,
): PopoloObject | Unreadable {
  if (name) return { origin, class: name, data };
  const shown = textIn(data['name']) ?? textOf(data['id']);
  const which = shown === undefined ? 'the object' : `the object ${JSON.stringify(shown)}`;
  const problem = `the class of ${which} is unknown: add a "type", one of person, organization, membership, post, area, event`;
  return { origin, problem };
}

// Private:

const isNoText = (error: Error): boolean =>
  (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ||
  /not valid for encoding/.test(error.message);

/** Which values are objects, and their depth. */
const arrangements: Record<DocumentOptions['shape'], { path: string; depth: number }> = {
  document: { path: '$.*.*', depth: 3 },
  array: { path: '$.*', depth: 2 },
  object: { path: '$', depth: 1 },
};
