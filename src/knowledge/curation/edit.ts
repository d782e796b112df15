/** The edits that an editor can make, and their outcome. */
import type { WarningCode } from '../validation/report.js';
import type { Erasure, ErasureRequest } from '../erasure/erasure.js';
import type { BrokenReference } from '../writing/recheck.js';
import type { RecordType } from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';
import type { RecordName, Target } from '../history/target.js';

export type Edit =
  | {
      kind: 'create' | 'upsert';
      recordType: RecordType;
      /** In the form of a record in a dossier; links are slugs or `{ id }`. */
      fields: Values;
      /** Only editors see a draft until it is published. */
      isDraft: boolean;
      expectedRevision?: number | undefined;
    }
  /** An omitted field keeps its value, null clears it, a list replaces the list. */
  | { kind: 'update'; target: Target; fields: Values }
  /** `reject` deletes drafts only. */
  | { kind: 'delete' | 'reject' | 'restore' | 'publish'; target: Target }
  | { kind: 'cite'; fact: CitedFact; citation: Citation }
  | { kind: 'withdraw'; referenceId: string }
  | { kind: 'merge'; from: Target; into: Target }
  | { kind: 'revert'; target: Target; to: number }
  | { kind: 'undo'; changeId: string }
  /** Erases the record permanently, and the values of other records that `also` lists. */
  | ({ kind: 'erase' } & ErasureRequest);

/** What a reference can support: a record, or one of an office's statuses. */
export type CitedFact = Target | { statusId: string; expectedRevision?: number | undefined };

export interface Citation {
  article: RecordName;
  /** Required of a passage; validation reports where it is missing. */
  exact?: string | undefined;
  prefix?: string | null | undefined;
  suffix?: string | null | undefined;
  field?: string | null | undefined;
}

/** The result of an edit. */
export interface Outcome {
  /** The record that the edit names. */
  recordType: RecordType;
  id: string;
  action: OutcomeAction;
  /** Citations and mentions that are not found in the new body of an article. */
  broken: BrokenReference[];
  /** What is allowed, but may be a mistake. */
  warnings: EditWarning[];
  /** Of a merge: fields in which the two records differed, with the value kept. */
  differences: Difference[];
  /** Of an erasure: what was erased, and what was kept. */
  erasure?: Erasure;
  /** Of the undo of a change: the number of records that it changed, and the first of them. */
  undone?: { count: number; records: ChangedRecord[] };
}

/** What an edit did to a record. */
export type OutcomeAction =
  | 'CREATED'
  | 'UPDATED'
  | 'UNCHANGED'
  | 'DELETED'
  | 'RESTORED'
  | 'PUBLISHED'
  | 'MERGED'
  | 'REVERTED'
  | 'ERASED';

export type ChangedRecord = Pick<Outcome, 'recordType' | 'id' | 'action'>;

/** A possible mistake in an edit. */
export interface EditWarning {
  code: WarningCode;
  message: string;
  /** The field of the input: `input.saidOn`; null for the edit as a whole. */
  path: string | null;
}

export interface Difference {
  field: string;
  kept: unknown;
  dropped: unknown;
}

/** The edits that were carried out in one transaction. */
export interface Change {
  /** The argument of `undo`. */
  changeId: string;
  /** One for each edit. */
  outcomes: Outcome[];
}
