/** The changes of records that a merge makes. */
import { emptyChange, type RecordChange } from '../../writing/recordChange.js';
import { maxRecords } from '../bounds.js';
import type { RecordType } from '../../model/recordTypes.js';
import type { ListDefinition, Values } from '../../model/recordLists.js';
import { invalid, type InvalidEdit } from '../../validation/editErrors.js';

/** Collects one change for each record, whatever the number of reasons to change it. */
export class RecordChanges {
  readonly #byId: Map<string, RecordChange>;

  constructor(changes: Iterable<RecordChange> = []) {
    this.#byId = new Map(Array.from(changes, (recordChange) => [recordChange.id, recordChange]));
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

  /** The change of a record, if there is one already. */
  get(id: string): RecordChange | undefined {
    return this.#byId.get(id);
  }

  all(): RecordChange[] {
    return [...this.#byId.values()];
  }
}

/** The error of a merge that changes too many records to be undone. */
const tooMany = (): InvalidEdit =>
  invalid(
    'from',
    'LIMIT_EXCEEDED',
    `more than ${maxRecords.toLocaleString('en')} records link to it, too many for one change: merge the other record into this one, if it has fewer links`,
  );

/** A row's key and other columns, without the key of its owner. */
export const plain =
  (list: ListDefinition) =>
  (row: Values): Values =>
    Object.fromEntries([...list.key, ...list.others].map((name) => [name, row[name] ?? null]));
