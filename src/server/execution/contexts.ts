/** The context of resolvers, by the client's role and the state of the knowledge base it reads. */
import type { Changes } from '../../database/changes.js';
import type { Database } from '../../database/database.js';
import type { GraphContext } from '../../graph/context.js';
import { previewErasure } from '../../knowledge/erasure/erase.js';
import { curate } from '../../knowledge/curation/curate.js';
import { mayEdit } from '../../knowledge/auth/identity.js';
import { createKnowledge, type Knowledge } from '../../knowledge/knowledge.js';
import type { BatcherOptions, BatchWatcher } from '../../knowledge/reading/batcher.js';
import { RevisionEvents } from '../../knowledge/history/revisionEvents.js';
import { published as publishedState } from '../../knowledge/reading/visibility.js';
import { publicView } from '../../knowledge/reading/view.js';
import type { BodyAccess } from '../../knowledge/validation/bodyAccess.js';
import type { Requester } from './requester.js';

export interface ContextsOptions {
  /** The same database through a connection pool of its own, for large requests. */
  largePool?: Database;
  /** Observes the batches of keys. */
  watcher?: BatchWatcher | undefined;
  /** How much of the bodies of new articles readers may see, by default. Default `FULL`. */
  bodyAccess?: BodyAccess | undefined;
}

/** What `of` reads from. */
export interface ContextState {
  /** The moment whose knowledge is read; undefined for the present. */
  asKnownAt?: Date | undefined;
  /** Whether the request is large, and therefore reads through the pool of its own. */
  isLarge?: boolean | undefined;
}

export class Contexts {
  /** What anonymous clients may read. */
  readonly knowledge: Knowledge;
  readonly events: RevisionEvents;
  readonly #small: Readers;
  readonly #large: Readers;
  readonly #curate: GraphContext['curate'];
  readonly #previewErasure: GraphContext['previewErasure'];

  /**
   * @param changes Settled before a change returns, so that the editor's next query reads it.
   */
  constructor(
    database: Database,
    changes: Changes | undefined,
    { largePool = database, watcher, bodyAccess }: ContextsOptions = {},
  ) {
    this.#small = readersOf(database, { watcher });
    this.#large = readersOf(largePool, {
      watcher,
      maxBatchSize: smallBatch,
      maxHeavyBatchSize: smallHeavyBatch,
      portion: smallPortion,
    });
    this.knowledge = this.#small.published;
    this.events = new RevisionEvents(database);
    this.#previewErasure = (request, signal) =>
      previewErasure(database, request, maxPlaces, signal);
    this.#curate = async (edits, author, options) => {
      const change = await curate(database, edits, author, { ...options, bodyAccess });
      if (!options?.dryRun) await changes?.settled();
      return change;
    };
  }

  /** A context for one request, which may add to it. */
  of(
    { identity, meter, requestRecord }: Requester,
    { asKnownAt, isLarge = false }: ContextState = {},
  ): GraphContext {
    const { database, options, published, drafts } = isLarge ? this.#large : this.#small;
    const knowledge = asKnownAt
      ? createKnowledge(database, { sees: 'past', asKnownAt, isEditor: mayEdit(identity) }, options)
      : mayEdit(identity)
        ? drafts
        : published;
    const { events } = this;
    const requestId = requestRecord?.id;
    const curate: GraphContext['curate'] = mayEdit(identity)
      ? (edits, author, options) => this.#curate(edits, author, { ...options, requestId })
      : this.#curate;
    const previewErasure = this.#previewErasure;
    const shared = { events, curate, previewErasure };
    return { knowledge, view: publicView, identity, meter, asKnownAt, requestId, ...shared };
  }
}

// Private:

/** The places that a preview of an erasure lists; it counts all. The command lists all. */
const maxPlaces = 1000;

/** Readers of one pool, by what the client may see. */
interface Readers {
  database: Database;
  options: BatcherOptions;
  published: Knowledge;
  drafts: Knowledge;
}

/**
 * Large requests fetch small batches and process one result at a time, since a long turn of the
 * event loop delays all other requests.
 */
const smallBatch = 100;
/** A statement that may scan a table is kept short. */
const smallHeavyBatch = 2;
const smallPortion = 1;

const readersOf = (database: Database, options: BatcherOptions): Readers => ({
  database,
  options,
  published: createKnowledge(database, publishedState, options),
  drafts: createKnowledge(database, { sees: 'drafts' }, options),
});
