/** What a merge changes, a record at a time. */
import { emptyChange, type RecordChange } from '../../writing/recordChange.js';
import { maxRecords } from '../bounds.js';
import type { RecordType } from '../../model/recordTypes.js';
import type { ListDefinition, Values } from '../../model/recordLists.js';
import { InvalidEdit } from '../../validation/editErrors.js';

/** One draft for each record, however many reasons there are to change it. */
export class RecordChanges {
  readonly #byId: Map<string, RecordChange>;

  constructor(drafts: Iterable<RecordChange> = []) {
    this.#byId = new Map(Array.from(drafts, (recordChange) => [recordChange.id, recordChange]));
  }

  /** @throws InvalidEdit for more records than one change may touch */
  of(recordType: RecordType, id: string): RecordChange {
    let recordChange = this.#byId.get(id);
    if (!recordChange) {
      if (this.#byId.size >= maxRecords) throw tooMany();
      recordChange = emptyChange(recordType, id, 'MERGE');
      this.#byId.set(id, recordChange);
    }
    return recordChange;
  }

  /** The draft of a record for which there is a reason already. */
  get(id: string): RecordChange | undefined {
    return this.#byId.get(id);
  }

  all(): RecordChange[] {
    return [...this.#byId.values()];
  }
}

/** @returns the error of a merge that touches more than can be merged, or undone, at once */
const tooMany = (): InvalidEdit =>
  new InvalidEdit([
    {
      path: 'from',
      message: `more than ${maxRecords.toLocaleString('en')} records name it and would change with it, which is too much for one change: merge the other record into this one, if fewer name that`,
    },
  ]);

/** What a row of a list says, without whose it is. */
export const plain =
  (list: ListDefinition) =>
  (row: Values): Values =>
    Object.fromEntries([...list.key, ...list.others].map((name) => [name, row[name] ?? null]));
