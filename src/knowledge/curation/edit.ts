/** The edits that an editor can make, and their outcome. */
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
export type CitedFact = Target | { statusId: string };

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
  /** Citations and mentions that are not found in the new body of an article. */
  broken: BrokenReference[];
  /** Messages about what is allowed, but may be a mistake. */
  warnings: string[];
  /** Of a merge: fields in which the two records differed, with the value kept. */
  differences: Difference[];
  /** Of an erasure: what was erased, and what was kept. */
  erasure?: Erasure;
}

export interface Difference {
  field: string;
  kept: unknown;
  dropped: unknown;
}
