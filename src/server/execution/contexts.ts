/** What resolvers are handed, by who asks and for which state of the knowledge base. */
import type { Changes } from '../../database/changes.js';
import type { Database } from '../../database/database.js';
import type { GraphContext } from '../../graph/context.js';
import { previewErasure } from '../../knowledge/erasure/erase.js';
import { curate } from '../../knowledge/curation/curate.js';
import { mayEdit } from '../../knowledge/auth/identity.js';
import { createKnowledge, type Knowledge } from '../../knowledge/knowledge.js';
import type { BatcherOptions, BatchWatcher } from '../../knowledge/reading/batcher.js';
import { RevisionEvents } from '../../knowledge/history/revisionEvents.js';
import { published as everybody } from '../../knowledge/reading/visibility.js';
import { publicView } from '../../knowledge/reading/view.js';
import type { Requester } from './executor.js';

export interface ContextsOptions {
  /** The same database over connections of their own, for large requests. */
  largePool?: Database;
  /** Told of what is fetched together. */
  watcher?: BatchWatcher | undefined;
}

export class Contexts {
  /** What everybody may see. */
  readonly knowledge: Knowledge;
  readonly events: RevisionEvents;
  readonly #small: Readers;
  readonly #large: Readers;
  readonly #curate: GraphContext['curate'];
  readonly #previewErasure: GraphContext['previewErasure'];

  /**
   * @param changes Waited for after a change: who made it must not be answered from before it.
   */
  constructor(
    database: Database,
    changes: Changes | undefined,
    { largePool = database, watcher }: ContextsOptions = {},
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
      const change = await curate(database, edits, author, options);
      await changes?.settled();
      return change;
    };
  }

  /** A context that no other request shares, so that what belongs to one may be added. */
  of(
    { identity, meter, requestRecord, isLarge = false }: Requester,
    asKnownOn?: Date,
  ): GraphContext {
    const { database, options, published, drafts } = isLarge ? this.#large : this.#small;
    const knowledge = asKnownOn
      ? createKnowledge(database, { sees: 'past', asKnownOn }, options)
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
    return { knowledge, view: publicView, identity, meter, asKnownOn, requestId, ...shared };
  }
}

// Private:

/** So many places a preview lists in an answer; all are counted. The command lists all. */
const maxPlaces = 1000;

/** Those who read the same database for those who see different things. */
interface Readers {
  database: Database;
  options: BatcherOptions;
  published: Knowledge;
  drafts: Knowledge;
}

/**
 * Large requests fetch little at a time, and go on with one answer at a time: what is worked
 * through in one go keeps everybody waiting.
 */
const smallBatch = 100;
/** What may go through whole tables must not do so for long in one statement. */
const smallHeavyBatch = 2;
const smallPortion = 1;

const readersOf = (database: Database, options: BatcherOptions): Readers => ({
  database,
  options,
  published: createKnowledge(database, everybody, options),
  drafts: createKnowledge(database, { sees: 'drafts' }, options),
});
