/** What a writer wants the knowledge base to hold. */
import type { reference } from '../../database/tables/index.js';
import type { Arc, RecordType } from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';

/** A record as it is to be. */
export interface RecordChange {
  recordType: RecordType;
  /** The id of the record that is meant, or a fresh one. */
  id: string;
  /** Those left out stay as they are. */
  fields: Values;
  /** Each list given is the whole list, in order. */
  lists: Record<string, ListItem[]>;
  /** The passages that the record rests on; those it has already stay. */
  references: ReferenceChange[];
  /** An article's text; left out: unchanged, null: no longer held. */
  body?: string | null | undefined;
  /** What a record that is new here brings along from where it was before. */
  past?: Past;
  /** How history calls it, where it is more than making or changing the record. */
  action?: 'DELETE' | 'RESTORE' | 'PUBLISH' | 'MERGE' | 'REVERT' | undefined;
  /** References that it rests on no more, deleted softly or, where not, taken by another record. */
  withdrawn?: ReferenceRow[];
  /** References that are deleted, or another fact's, and are its own from now on. */
  taken?: { fact: Fact; row: ReferenceRow }[];
}

/** A change of a record that leaves everything as it is, to be filled. */
export const emptyChange = (
  recordType: RecordType,
  id: string,
  action: RecordChange['action'],
): RecordChange => ({ recordType, id, action, fields: {}, lists: {}, references: [] });

/** When a record was made and last changed, and its history, as another knowledge base has them. */
export interface Past {
  createdAt?: string | undefined;
  updatedAt?: string | undefined;
  /** When an article's text was fetched. */
  fetchedAt?: string | undefined;
  /** Rows of `revision` without the record they are about; links are told by slug. */
  revisions?: Values[] | undefined;
}

/** A row of a list: a name, a status, a participant. */
export interface ListItem {
  /** The row's id, should it be new and have had one elsewhere. */
  id?: string | undefined;
  values: Values;
  /** Only a status has references of its own. */
  references?: ReferenceChange[];
}

export type ReferenceRow = typeof reference.$inferSelect;

/** The fact that a reference supports: an arc of `reference`, and the id at its end. */
export interface Fact {
  arc: Exclude<Arc, 'articleId'> | 'officeStatusId';
  id: string;
}

/** A passage of an article, found in its body or, where that is not held, as it was quoted. */
export interface ReferenceChange {
  articleId: string;
  exact: string;
  prefix: string | null;
  suffix: string | null;
  start: number | null;
  end: number | null;
  verified: boolean;
  field: string | null;
  /** Its id and its life, should it be new and have had them elsewhere. */
  past?: Values | undefined;
}
