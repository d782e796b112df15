/**
 * Persisted operations: requests send the id of an operation of the manifest, or the hash of a text
 * that a client registered before (Apollo's automatic persisted queries, APQ).
 *
 * The operation found is subject to the same limits as any other.
 */
import { createHash } from 'node:crypto';
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { OperationParams } from '../../admission/admission.js';
import type { Documents } from '../../admission/complexity/documents.js';
import { rejection, type RejectionOptions } from '../../errors/rejection.js';
import type { Manifest } from './manifest.js';

/** The options of the operator. */
export interface PersistedSettings {
  /** The manifest: a file of operations by id. */
  file?: string | undefined;
  /** Whether only operations of the manifest are allowed. Default false. */
  only: boolean;
  /** Whether clients may register texts by hash. Default true, unless `only`. */
  automatic: boolean;
}

export interface PersistedOptions {
  /** The operations of the manifest. */
  manifest?: Manifest | undefined;
  /** Whether only those are allowed. */
  only: boolean;
  /** Whether clients may register texts by hash. */
  automatic: boolean;
}

/** The parameters of a request, unresolved. */
export interface RequestParams extends OperationParams {
  /** The id of a document, as in GraphQL over HTTP. */
  documentId?: unknown;
  /** The id, as in Relay's examples. */
  doc_id?: unknown;
}

/** The maximum size of registered texts in bytes. Clients register evicted ones again. */
const cacheLimits = { max: 2000, maxSize: 16 * 1024 * 1024 };

export class Persisted {
  readonly #options: PersistedOptions;
  readonly #documents: Documents;
  readonly #listed: ReadonlySet<string>;
  readonly #registered = new LRUCache<string, string>({
    ...cacheLimits,
    sizeCalculation: (text) => 2 * text.length + 200,
  });

  constructor(documents: Documents, options: PersistedOptions) {
    this.#documents = documents;
    this.#options = options;
    this.#listed = new Set(options.manifest?.values());
  }

  /**
   * Resolves the query's text, or returns a rejection. Parameters of ordinary requests are returned
   * unchanged.
   */
  resolve(params: RequestParams): OperationParams | GraphQLError {
    const { query } = params;
    const { id, isHash } = idIn(params);
    if (id === undefined) return this.#mayRun(query) ? params : notListed();
    const { documentId: _, doc_id: __, extensions, ...others } = params;
    const rest = { ...others, extensions: withoutHash(extensions) };
    const listed = this.#listedAs(id);
    if (listed !== undefined && (query ?? listed) === listed) return { ...rest, query: listed };
    if (listed !== undefined && !isHash) return twoQueries();
    if (typeof query === 'string') return this.#register(id, isHash, query) ?? rest;
    if (!isHash) return notFound(id);
    if (!this.#options.automatic && !this.#options.manifest) return notSupported();
    const registered = this.#options.automatic ? this.#registered.get(id) : undefined;
    return registered === undefined || !this.#mayRun(registered)
      ? notFound(id)
      : { ...rest, query: registered };
  }

  /** The number and size of registered texts. */
  get size(): { queries: number; bytes: number } {
    return { queries: this.#registered.size, bytes: this.#registered.calculatedSize };
  }

  // Private:

  /** Operations of the manifest may also be sent as text. */
  #mayRun(query: unknown): boolean {
    return !this.#options.only || typeof query !== 'string' || this.#listed.has(query);
  }

  #listedAs(id: string): string | undefined {
    const { manifest } = this.#options;
    return manifest?.get(id) ?? manifest?.get(id.startsWith(prefix) ? bare(id) : prefix + id);
  }

  /** Registers a text under its hash, or returns a rejection. */
  #register(id: string, isHash: boolean, query: string): GraphQLError | undefined {
    if (!this.#mayRun(query)) return notListed();
    if (!isHash) return twoQueries();
    if (createHash('sha256').update(query).digest('hex') !== id) return wrongHash();
    // Texts that are too long or invalid would displace others.
    if (this.#options.automatic && this.#documents.read(query).document) {
      this.#registered.set(id, query);
    }
    return undefined;
  }
}

// Private:

/** The prefix of hashes as ids in GraphQL over HTTP. */
const prefix = 'sha256:';

const bare = (id: string): string => id.slice(prefix.length);

/** The id in a request; undefined unless it is a text. */
function idIn({ documentId, doc_id, extensions }: RequestParams) {
  const hash = hashIn(extensions);
  if (hash !== undefined) return { id: hash, isHash: true };
  const id = documentId ?? doc_id;
  if (id === undefined || id === null) return { id: undefined, isHash: false };
  const text = typeof id === 'string' ? id : '';
  return text.startsWith(prefix) ? { id: bare(text), isHash: true } : { id: text, isHash: false };
}

function hashIn(extensions: unknown): string | undefined {
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  const { persistedQuery } = extensions as { persistedQuery?: unknown };
  if (typeof persistedQuery !== 'object' || persistedQuery === null) return undefined;
  const { sha256Hash } = persistedQuery as { sha256Hash?: unknown };
  return typeof sha256Hash === 'string' ? sha256Hash : '';
}

function withoutHash(extensions: unknown): unknown {
  if (typeof extensions !== 'object' || extensions === null) return extensions;
  const { persistedQuery: _, ...rest } = extensions as Record<string, unknown>;
  return rest;
}

/** Apollo's clients recognize these errors by message and code, and then send the text. */
const notFound = (id: string): GraphQLError =>
  /^[\da-f]{64}$/.test(id)
    ? rejection('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', notFoundYet)
    : rejection('PERSISTED_QUERY_NOT_FOUND', 'There is no operation with this id.', notFoundYet);

/** Not cacheable, as the operation may be registered at any time. */
const notFoundYet: RejectionOptions = {
  status: 404,
  spec: true,
  headers: { 'Cache-Control': 'no-cache' },
};

const notSupported = (): GraphQLError =>
  rejection('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported', {
    status: 400,
    spec: true,
  });

const wrongHash = (): GraphQLError =>
  rejection(
    'PERSISTED_QUERY_HASH_MISMATCH',
    'The hash is not that of the query: SHA-256, in hex.',
    {
      status: 400,
    },
  );

const twoQueries = (): GraphQLError =>
  rejection('BAD_REQUEST', 'Send the id of an operation or a query, not both.', { status: 400 });

const notListed = (): GraphQLError =>
  rejection(
    'PERSISTED_ONLY',
    'This server accepts persisted operations only. Send the id of one as documentId.',
    { status: 403 },
  );
