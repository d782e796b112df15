/** Detects the structure of a Popolo file. */
import { Tokenizer, TokenType } from '@streamparser/json';
import { isUnreadable } from '../stream/parsedRecord.js';
import { readLines, unpackedChunks, type ByteSource } from '../stream/lines.js';
import { parseLine } from './jsonl.js';
import { classNamed } from './popoloObjects.js';

/**
 * `lines`: one object per line. `array`: `[ … ]`. `document`: `{ "persons": [ … ], … }`, or a page
 * of an API, `{ "results": [ … ] }`. `object`: a single object.
 */
export type PopoloShape = 'lines' | 'array' | 'document' | 'object';

/** Lists of objects of any class. */
export const wrappers: ReadonlySet<string> = new Set([
  'results',
  'result',
  'data',
  'items',
  'objects',
  'popolo',
]);

/** Detects the structure from the beginning of a file. */
export async function shapeOf(source: ByteSource): Promise<PopoloShape> {
  for await (const [first] of readLines(source)) {
    if (!first) continue;
    if (isUnreadable(first)) break;
    const parsed = parseLine(first);
    if (isUnreadable(parsed)) break;
    // A complete object on the first line.
    const keys = Object.entries(parsed.data as object);
    const shapes = keys.map(([key, value]) => shapeOfKey(key, typeof value === 'object'));
    return shapes.find((shape) => shape !== undefined && shape !== 'perhaps') === 'object' ||
      !shapes.some(Boolean)
      ? 'lines'
      : 'document';
  }
  return await shapeOfText(source);
}

// Private:

/** The number of bytes examined if the beginning is ambiguous. */
const farthest = 4 * 1024 * 1024;

async function shapeOfText(source: ByteSource): Promise<PopoloShape> {
  const scanner = new ShapeScanner();
  let bytes = 0;
  try {
    for await (const chunk of unpackedChunks(source, () => {})) {
      const shape = scanner.read(chunk);
      if (shape) return shape;
      if ((bytes += chunk.length) > farthest) break;
    }
  } catch {
    // Reading the file reports what is invalid.
  }
  return scanner.shape;
}

/** The structure implied by a field of the outermost object; a person has memberships as well. */
function shapeOfKey(
  key: string,
  isContainer: boolean,
): 'document' | 'object' | 'perhaps' | undefined {
  if (/^(id|name|given_name|family_name|label|role|person_id|@type|type)$/.test(key))
    return 'object';
  if (!isContainer) return undefined;
  if (wrappers.has(key)) return 'document';
  const name = classNamed(key);
  if (name === undefined || key === name.slice(0, -1)) return undefined;
  return /^(persons|organizations|areas)$/.test(name) ? 'document' : 'perhaps';
}

class ShapeScanner {
  readonly #tokenizer = new Tokenizer();
  #depth = 0;
  #key: string | undefined;
  #isKeyNext = false;
  #decided: PopoloShape | undefined;
  #perhaps = false;

  constructor() {
    this.#tokenizer.onToken = ({ token, value }) => this.#take(token, value);
    this.#tokenizer.onError = () => (this.#decided ??= this.shape);
  }

  /** The structure detected so far. */
  get shape(): PopoloShape {
    return this.#decided ?? (this.#perhaps || this.#depth === 0 ? 'document' : 'object');
  }

  /** Undefined until it is clear. */
  read(chunk: Buffer): PopoloShape | undefined {
    this.#tokenizer.write(chunk);
    return this.#decided;
  }

  // Private:

  #take(token: TokenType, value: unknown): void {
    if (this.#decided) return;
    const isOpening = token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET;
    if (this.#depth === 0) {
      if (token === TokenType.LEFT_BRACKET) this.#decided = 'array';
      else if (token !== TokenType.LEFT_BRACE) this.#decided = 'document';
    } else if (this.#depth === 1) this.#takeOfObject(token, value, isOpening);
    if (isOpening) this.#depth++;
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) this.#depth--;
    if (this.#depth === 0) this.#decided ??= this.#perhaps ? 'document' : 'object';
    this.#isKeyNext =
      this.#depth === 1 && (token === TokenType.COMMA || token === TokenType.LEFT_BRACE);
  }

  #takeOfObject(token: TokenType, value: unknown, isOpening: boolean): void {
    if (this.#isKeyNext) {
      this.#key = String(value);
    } else if (token !== TokenType.COLON && this.#key !== undefined) {
      const shape = shapeOfKey(this.#key, isOpening);
      if (shape === 'perhaps') this.#perhaps = true;
      else this.#decided = shape;
      this.#key = undefined;
    }
  }
}
