/** What resolvers are handed, by who asks and for which state of the knowledge base. */
import type { Changes } from '../database/changes.js';
import type { Database } from '../database/database.js';
import type { GraphContext } from '../graph/builder.js';
import { curate } from '../knowledge/curation/curate.js';
import { mayEdit } from '../knowledge/identity/identity.js';
import { createKnowledge, type Knowledge } from '../knowledge/knowledge.js';
import type { BatchWatcher } from '../knowledge/reading/batcher.js';
import { RevisionEvents } from '../knowledge/live/events.js';
import { published } from '../knowledge/reading/lens.js';
import { publicView } from '../knowledge/reading/view.js';
import type { Asker } from './answers.js';

export class Contexts {
  /** What everybody may see. */
  readonly knowledge: Knowledge;
  readonly events: RevisionEvents;
  readonly #database: Database;
  readonly #watcher: BatchWatcher | undefined;
  readonly #drafts: Knowledge;
  readonly #curate: GraphContext['curate'];

  /**
   * @param changes Waited for after a change: who made it must not be answered from before it.
   * @param watcher Told of what is fetched together.
   */
  constructor(database: Database, changes: Changes | undefined, watcher?: BatchWatcher) {
    this.#database = database;
    this.#watcher = watcher;
    this.knowledge = createKnowledge(database, published, watcher);
    this.#drafts = createKnowledge(database, { sees: 'drafts' }, watcher);
    this.events = new RevisionEvents(database);
    this.#curate = async (edits, author, options) => {
      const change = await curate(database, edits, author, options);
      await changes?.settled();
      return change;
    };
  }

  /** A context that no other request shares, so that what belongs to one may be added. */
  of({ identity, meter, account }: Asker, knownOn?: Date): GraphContext {
    const knowledge = knownOn
      ? createKnowledge(this.#database, { sees: 'past', knownOn }, this.#watcher)
      : mayEdit(identity)
        ? this.#drafts
        : this.knowledge;
    const { events } = this;
    const requestId = account?.id;
    const curate: GraphContext['curate'] = mayEdit(identity)
      ? (edits, author, options) => this.#curate(edits, author, { ...options, requestId })
      : this.#curate;
    return { knowledge, view: publicView, identity, meter, knownOn, requestId, events, curate };
  }
}
