/** Parses documents within limits, and caches them. */
import { GraphQLError, parse, type DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { DocumentLimits } from '../limits.js';
import { rejection } from '../../errors/rejection.js';
import { mergingOf } from './merging.js';
import { shapeOf, type Shape } from './shape.js';

/** A parsed document, or its rejection. */
export type Reading =
  | { document: DocumentNode; rejection?: undefined }
  | { document?: undefined; rejection: GraphQLError };

/** The maximum size of cached documents in bytes; a megabyte holds about thirty of sixty tokens. */
const maxKept = 64 * 1024 * 1024;

/** The measured size of a parsed token in bytes; the text is small in comparison. */
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

  /** Whether a text is cached. */
  knows(text: string): boolean {
    return this.#known.has(text);
  }

  read(text: string): Reading {
    const { queryBytes } = this.#limits;
    // Texts that are too long are not cached either.
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
      // Equal selections are executed once, and count once.
      const merging = mergingOf(document);
      const excess = this.#excessOf(shapeOf(merging.document));
      if (excess) return { rejection: excess };
      return { document: merging.keepsOrder ? merging.document : document };
    } catch (error) {
      // Nested brackets overflow the parser's stack.
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
        return tooMuch(`has ${actual} ${what}, more than the maximum of ${most}`, name, most);
      }
    }
    return undefined;
  }

  #tooDeep(): GraphQLError {
    const { depth } = this.#limits;
    return tooMuch(`is nested more than ${depth} levels deep`, 'depth', depth);
  }
}

/** The size of a parsed document in bytes. */
export const sizeOf = (document: DocumentNode | undefined): number =>
  (document?.tokenCount ?? 0) * bytesPerToken;

// Private:

const counted: Record<keyof Shape, string> = {
  fragments: 'fragments',
  aliases: 'aliases',
  directives: 'directives',
  rootFields: 'root fields',
  depth: 'levels of fields',
};

const tooMuch = (what: string, exceeded: string, limit: number): GraphQLError =>
  rejection('QUERY_TOO_COMPLEX', `The query ${what}. Split it into several requests.`, {
    status: 400,
    details: { exceeded, limit },
  });

const tooLong = (limit: number): GraphQLError =>
  rejection(
    'QUERY_TOO_COMPLEX',
    `The text of the query is longer than ${limit} bytes. Pass data as variables, or split the query into several requests.`,
    { status: 400, details: { exceeded: 'queryBytes', limit } },
  );

/** The document is not parsed again: what barely fit the stack here may overflow it elsewhere. */
const unreadable = (error: unknown): GraphQLError =>
  new GraphQLError(error instanceof Error ? error.message : String(error), {
    ...(error instanceof GraphQLError && { source: error.source, positions: error.positions }),
    // The status depends on the media type, which Yoga calls `spec`.
    extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400, spec: true } },
  });
