/** A pending change of one record. */
import type { reference } from '../../database/tables/index.js';
import type { Arc, RecordType } from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';

/** A new record, or the changes of an existing one. */
export interface RecordChange {
  recordType: RecordType;
  /** The id of the record, or a new id. */
  id: string;
  /** Fields not listed keep their values. */
  fields: Values;
  /** Each list replaces the current one, in this order. */
  lists: Record<string, ListItem[]>;
  /** References to add; existing ones stay. */
  references: ReferenceChange[];
  /** An article's text; undefined leaves it unchanged, null removes it. */
  body?: string | null | undefined;
  /** History and times that a new record brings from another knowledge base. */
  past?: Past;
  /** The action that history records, if other than CREATE or UPDATE. */
  action?: 'DELETE' | 'RESTORE' | 'PUBLISH' | 'MERGE' | 'REVERT' | undefined;
  /** References withdrawn from the record: deleted softly or, if not, attached to another record. */
  withdrawn?: ReferenceRow[];
  /** References that are deleted, or support another fact, and support this record from now on. */
  attached?: { fact: Fact; row: ReferenceRow }[];
}

/** A change that leaves the record unchanged, for the caller to complete. */
export const emptyChange = (
  recordType: RecordType,
  id: string,
  action: RecordChange['action'],
): RecordChange => ({ recordType, id, action, fields: {}, lists: {}, references: [] });

/** A record's times and history in another knowledge base. */
export interface Past {
  createdAt?: string | undefined;
  updatedAt?: string | undefined;
  /** When an article's text was fetched. */
  fetchedAt?: string | undefined;
  /** Rows of `revision` without the record's key; links are slugs. */
  revisions?: Values[] | undefined;
}

/** A row of a list: a name, a status, a participant. */
export interface ListItem {
  /** The row's id, if the row is new here and had one elsewhere. */
  id?: string | undefined;
  values: Values;
  /** Only statuses have references of their own. */
  references?: ReferenceChange[];
}

export type ReferenceRow = typeof reference.$inferSelect;

/** The fact that a reference supports: an arc of `reference`, and the id at its end. */
export interface Fact {
  arc: Exclude<Arc, 'articleId'> | 'officeStatusId';
  id: string;
}

/** A passage of an article, with its offsets if the body is stored. */
export interface ReferenceChange {
  articleId: string;
  exact: string;
  prefix: string | null;
  suffix: string | null;
  start: number | null;
  end: number | null;
  verified: boolean;
  field: string | null;
  /** Its id and times, if it is new here and had them elsewhere. */
  past?: Values | undefined;
}
