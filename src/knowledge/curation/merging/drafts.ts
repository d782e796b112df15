/** What a merge changes, a record at a time. */
import type { Draft, RecordNoun, Values } from '../../writing/draft.js';
import type { ListKind } from '../../writing/kinds.js';

/** One draft for each record, however many reasons there are to change it. */
export class Drafts {
  readonly #byId = new Map<string, Draft>();

  of(noun: RecordNoun, id: string): Draft {
    let draft = this.#byId.get(id);
    if (!draft) {
      draft = { noun, id, fields: {}, lists: {}, references: [], action: 'MERGE' };
      this.#byId.set(id, draft);
    }
    return draft;
  }

  all(): Draft[] {
    return [...this.#byId.values()];
  }
}

/** What a row of a list says, without whose it is. */
export const plain =
  (list: ListKind) =>
  (row: Values): Values =>
    Object.fromEntries([...list.key, ...list.others].map((name) => [name, row[name] ?? null]));
