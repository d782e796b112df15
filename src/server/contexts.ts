/** What resolvers are handed, by who asks and for which state of the knowledge base. */
import type { Changes } from '../database/changes.js';
import type { Database } from '../database/database.js';
import type { GraphContext } from '../graph/builder.js';
import { curate } from '../knowledge/curation/curate.js';
import { mayEdit } from '../knowledge/identity/identity.js';
import { createKnowledge, type Knowledge } from '../knowledge/knowledge.js';
import { RevisionEvents } from '../knowledge/live/events.js';
import { publicView } from '../knowledge/reading/view.js';
import type { Asker } from './answers.js';

export class Contexts {
  /** What everybody may see. */
  readonly knowledge: Knowledge;
  readonly events: RevisionEvents;
  readonly #database: Database;
  readonly #drafts: Knowledge;
  readonly #curate: GraphContext['curate'];

  /** @param changes Waited for after a change: who made it must not be answered from before it. */
  constructor(database: Database, changes: Changes | undefined) {
    this.#database = database;
    this.knowledge = createKnowledge(database);
    this.#drafts = createKnowledge(database, { sees: 'drafts' });
    this.events = new RevisionEvents(database);
    this.#curate = async (edits, author, options) => {
      const change = await curate(database, edits, author, options);
      await changes?.settled();
      return change;
    };
  }

  /** A context that no other request shares, so that what belongs to one may be added. */
  of({ identity, meter }: Asker, knownOn?: Date): GraphContext {
    const knowledge = knownOn
      ? createKnowledge(this.#database, { sees: 'past', knownOn })
      : mayEdit(identity)
        ? this.#drafts
        : this.knowledge;
    const { events } = this;
    return { knowledge, view: publicView, identity, meter, knownOn, events, curate: this.#curate };
  }
}
