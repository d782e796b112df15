/** Validates documents against the schema, once per text. */
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  OverlappingFieldsCanBeMergedRule,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
  Kind,
  visit,
  type ASTNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { mergingOf } from '../admission/complexity/merging.js';
import { overlapsRule, TooManyOverlaps } from '../admission/complexity/overlaps.js';
import { rejection } from '../errors/rejection.js';

/** Each error searches for names to suggest, so that they are limited. */
const maxErrors = 20;

/** The number and bytes of invalid texts whose errors are cached. */
const maxRejected = { max: 2000, maxSize: 8 * 1024 * 1024 };

export interface ValidationOptions {
  /** Whether clients may introspect the schema. */
  introspection?: boolean;
  /** How many different fields may have one response name in a selection. */
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

  /** The validation errors of a document; none if it is valid. */
  errorsOf(document: DocumentNode): readonly GraphQLError[] {
    if (this.#valid.has(document)) return [];
    const text = document.loc?.source.body;
    const cached = text === undefined ? undefined : this.#rejected.get(text);
    if (cached) return cached;
    const errors = this.#validate(mergingOf(document).document);
    if (!errors.length) this.#valid.add(document);
    else if (text !== undefined) this.#rejected.set(text, errors);
    return errors;
  }

  // Private:

  #validate(document: DocumentNode): readonly GraphQLError[] {
    try {
      const errors = validate(this.#schema, document, this.#rules, { maxErrors });
      return nameArguments(errors, document).map(asReported);
    } catch (error) {
      if (error instanceof TooManyOverlaps) return [this.#rejectionOf(error)];
      throw error;
    }
  }

  #rejectionOf({ what, responseName }: TooManyOverlaps): GraphQLError {
    const [message, limit] =
      what === 'sameName'
        ? [
            `has more than ${this.#sameName} different fields named ${responseName} in one selection`,
            this.#sameName,
          ]
        : [`has fragments that select the same in too many ways`, maxOverlaps];
    return rejection('QUERY_TOO_COMPLEX', `The query ${message}. Split it into several requests.`, {
      status: 400,
      details: { exceeded: what === 'sameName' ? 'sameName' : 'overlaps', limit },
    });
  }
}

// Private:

/**
 * Adds the argument to validation errors of values in a query's text, which do not name it:
 * "filter.asOf: "2023-13" is not a PartialDate: …".
 */
const nameArguments = (errors: readonly GraphQLError[], document: DocumentNode): GraphQLError[] =>
  errors.map((error) => (isBadInput(error) ? named(error, document) : error));

/** Fragments on every type of an interface, with a few directives, stay far below this. */
const maxPerName = 100;

/** Fields of a fragment count at each spread; queries of the manual have up to 200. */
const maxOverlaps = 5_000;

/**
 * A validation error with its code and its HTTP status (400, or 200 for `application/json`), and
 * without nodes, since a cached error must not keep the document in memory.
 */
const asReported = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    source: error.source,
    positions: error.positions,
    extensions: {
      ...error.extensions,
      code: error.extensions['code'] ?? 'GRAPHQL_VALIDATION_FAILED',
      http: { status: 400, spec: true },
    },
    // Masking examines the original error, unless it is a GraphQLError.
    ...(!(error.originalError instanceof GraphQLError) && { originalError: error.originalError }),
  });

const isBadInput = (error: GraphQLError): boolean => error.extensions['code'] === 'BAD_USER_INPUT';

function named(error: GraphQLError, document: DocumentNode): GraphQLError {
  const argument = error.nodes?.[0] && argumentOf(error.nodes[0], document);
  if (!argument) return error;
  return new GraphQLError(`${argument}: ${error.message}`, {
    nodes: error.nodes,
    extensions: { ...error.extensions, argument },
  });
}

/** The path of a value in its argument: `filter.asOf`. */
function argumentOf(value: ASTNode, document: DocumentNode): string | undefined {
  let found: string | undefined;
  visit(document, {
    enter(node, _key, parent, _path, ancestors) {
      if (node !== value) return undefined;
      found = [...ancestors, parent]
        .filter((above) => above !== undefined && 'kind' in above)
        .filter((above) => above.kind === Kind.ARGUMENT || above.kind === Kind.OBJECT_FIELD)
        .map((above) => above.name.value)
        .join('.');
      return undefined;
    },
  });
  return found;
}
