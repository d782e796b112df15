/** Documents, read within limits, and kept for when they come again. */
import { GraphQLError, parse, type DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { DocumentLimits } from '../limits.js';
import { rejection } from '../../errors/rejection.js';
import { mergingOf } from './merging.js';
import { shapeOf, type Shape } from './shape.js';

/** A document, or why it is none. */
export type Reading =
  | { document: DocumentNode; rejection?: undefined }
  | { document?: undefined; rejection: GraphQLError };

/** What parsed documents may take, in bytes: a megabyte holds some thirty of sixty tokens. */
const maxKept = 64 * 1024 * 1024;

/** What a token takes once it is parsed, in bytes, as measured; the text is little beside it. */
const bytesPerToken = 512;

export class Documents {
  readonly #limits: DocumentLimits;
  readonly #known = new LRUCache<string, Reading>({
    max: 2000,
    maxSize: maxKept,
    sizeCalculation: ({ document }, text) => sizeOf(document) + 2 * text.length + 500,
  });

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
  }

  /** Whether a text was read before, and is kept. */
  knows(text: string): boolean {
    return this.#known.has(text);
  }

  read(text: string): Reading {
    const { queryBytes } = this.#limits;
    // What is too long must not fill the cache either.
    if (text.length > queryBytes || Buffer.byteLength(text) > queryBytes) {
      return { rejection: tooLong(queryBytes) };
    }
    let reading = this.#known.get(text);
    if (!reading) {
      reading = this.#readAnew(text);
      this.#known.set(text, reading);
    }
    return reading;
  }

  // Private:

  #readAnew(text: string): Reading {
    const { tokens } = this.#limits;
    try {
      const document = parse(text, { maxTokens: tokens });
      // What is equal is worked on once, and counts once.
      const merging = mergingOf(document);
      const excess = this.#excessOf(shapeOf(merging.document));
      if (excess) return { rejection: excess };
      return { document: merging.keepsOrder ? merging.document : document };
    } catch (error) {
      // Brackets within brackets fill the parser's stack long before the last token.
      if (error instanceof RangeError) return { rejection: this.#tooDeep() };
      if (/more that \d+ tokens/.test(String(error))) {
        return { rejection: tooMuch(`has more than ${tokens} tokens`, 'tokens', tokens) };
      }
      return { rejection: unreadable(error) };
    }
  }

  #excessOf(shape: Shape): GraphQLError | undefined {
    for (const [name, what] of Object.entries(counted) as [keyof Shape, string][]) {
      const [actual, most] = [shape[name], this.#limits[name]];
      if (actual > most) {
        return tooMuch(`has ${actual} ${what}, but may have at most ${most}`, name, most);
      }
    }
    return undefined;
  }

  #tooDeep(): GraphQLError {
    const { depth } = this.#limits;
    return tooMuch(`is nested more than ${depth} levels deep`, 'depth', depth);
  }
}

/** What a parsed document takes, in bytes. */
export const sizeOf = (document: DocumentNode | undefined): number =>
  (document?.tokenCount ?? 0) * bytesPerToken;

// Private:

const counted: Record<keyof Shape, string> = {
  fragments: 'fragments',
  aliases: 'aliases',
  directives: 'directives',
  rootFields: 'fields at its root',
  depth: 'levels of fields',
};

const tooMuch = (what: string, exceeded: string, limit: number): GraphQLError =>
  rejection('QUERY_TOO_COMPLEX', `The query ${what}. Ask in several requests.`, {
    status: 400,
    details: { exceeded, limit },
  });

const tooLong = (limit: number): GraphQLError =>
  rejection(
    'QUERY_TOO_COMPLEX',
    `The text of the query is longer than ${limit} bytes. Send what is data as variables, or ask in several requests.`,
    { status: 400, details: { exceeded: 'queryBytes', limit } },
  );

/** Nobody parses it again: what barely fitted the stack here may not fit it elsewhere. */
const unreadable = (error: unknown): GraphQLError =>
  new GraphQLError(error instanceof Error ? error.message : String(error), {
    ...(error instanceof GraphQLError && { source: error.source, positions: error.positions }),
    // Which status it is depends on the media type: `spec` is Yoga's word for that.
    extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400, spec: true } },
  });
