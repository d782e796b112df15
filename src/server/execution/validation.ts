/** Whether documents are fit for the schema, found out once for each text. */
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  OverlappingFieldsCanBeMergedRule,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { mergingOf } from '../admission/complexity/merging.js';
import { overlapsRule, TooManyOverlaps } from '../admission/complexity/overlaps.js';
import { rejection } from '../errors/rejection.js';
import { nameArguments } from './argumentPaths.js';

/** More mistakes help nobody, and each is a search for the name that was meant. */
const maxErrors = 20;

/** Texts that were rejected, with what is wrong with them, and what they may take in bytes. */
const maxRejected = { max: 2000, maxSize: 8 * 1024 * 1024 };

export interface ValidationOptions {
  /** Whether clients may ask for the schema. */
  introspection?: boolean;
  /** How many different fields may have one name in a selection. */
  sameName?: number;
}

export class Validation {
  readonly #schema: GraphQLSchema;
  readonly #rules: readonly ValidationRule[];
  readonly #sameName: number;
  readonly #valid = new WeakSet<DocumentNode>();
  readonly #rejected = new LRUCache<string, readonly GraphQLError[]>({
    ...maxRejected,
    sizeCalculation: (errors, text) =>
      errors.reduce((sum, { message }) => sum + 2 * message.length + 500, 2 * text.length),
  });

  constructor(
    schema: GraphQLSchema,
    { introspection = true, sameName = maxPerName }: ValidationOptions = {},
  ) {
    this.#schema = schema;
    this.#sameName = sameName;
    this.#rules = [
      ...specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule),
      overlapsRule({ sameName, fields: maxOverlaps }),
      ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
    ];
  }

  /** What is wrong with a document; nothing where it may run. */
  errorsOf(document: DocumentNode): readonly GraphQLError[] {
    if (this.#valid.has(document)) return [];
    const text = document.loc?.source.body;
    const known = text === undefined ? undefined : this.#rejected.get(text);
    if (known) return known;
    const errors = this.#validate(mergingOf(document).document);
    if (!errors.length) this.#valid.add(document);
    else if (text !== undefined) this.#rejected.set(text, errors);
    return errors;
  }

  // Private:

  #validate(document: DocumentNode): readonly GraphQLError[] {
    try {
      const errors = validate(this.#schema, document, this.#rules, { maxErrors });
      return nameArguments(errors, document).map(withoutNodes);
    } catch (error) {
      if (error instanceof TooManyOverlaps) return [this.#refusalOf(error)];
      throw error;
    }
  }

  #refusalOf({ what, responseName }: TooManyOverlaps): GraphQLError {
    const [message, limit] =
      what === 'sameName'
        ? [
            `has more than ${this.#sameName} different fields named ${responseName} in one selection`,
            this.#sameName,
          ]
        : [`has fragments that select the same in too many ways`, maxOverlaps];
    return rejection('QUERY_TOO_COMPLEX', `The query ${message}. Ask in several requests.`, {
      status: 400,
      details: { exceeded: what === 'sameName' ? 'sameName' : 'overlaps', limit },
    });
  }
}

// Private:

/** Fragments on each type of an interface, with a few directives, are far from this. */
const maxPerName = 100;

/** Fields of fragments count wherever they are spread; queries of this manual have up to 200. */
const maxOverlaps = 5_000;

/** What is kept of a text that was rejected must not keep all that was parsed of it. */
const withoutNodes = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    source: error.source,
    positions: error.positions,
    extensions: error.extensions,
    // Who masks errors looks at what was thrown, unless it was meant for clients.
    ...(!(error.originalError instanceof GraphQLError) && { originalError: error.originalError }),
  });
