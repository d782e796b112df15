/** What an editor can ask for, and what comes of it. */
import type { Erasure, ErasureRequest } from '../erasure/erasure.js';
import type { BrokenReference } from '../writing/recheck.js';
import type { RecordType } from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';
import type { RecordName, Target } from '../history/target.js';

export type Edit =
  | {
      kind: 'create' | 'upsert';
      recordType: RecordType;
      /** In the form of a dossier's record; links by slug, or `{ id }`. */
      fields: Values;
      /** A draft is seen by editors only, until it is published. */
      isDraft: boolean;
      expectedRevision?: number | undefined;
    }
  /** A field left out stays as it is, null clears it, a list is the whole list. */
  | { kind: 'update'; target: Target; fields: Values }
  /** `reject` deletes what is a draft, and nothing else. */
  | { kind: 'delete' | 'reject' | 'restore' | 'publish'; target: Target }
  | { kind: 'cite'; fact: CitedFact; citation: Citation }
  | { kind: 'withdraw'; referenceId: string }
  | { kind: 'merge'; from: Target; into: Target }
  | { kind: 'revert'; target: Target; to: number }
  | { kind: 'undo'; changeId: string }
  /** Takes the record away for good, and what of others `also` names. */
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

/** What an edit did. */
export interface Outcome {
  /** The record that it was about. */
  recordType: RecordType;
  id: string;
  /** Citations and mentions that do not hold in the new body of an article. */
  broken: BrokenReference[];
  /** What is allowed, but may be a mistake. */
  warnings: string[];
  /** Of a merge: what the two said differently, of which one was kept. */
  differences: Difference[];
  /** Of an erasure: what went, and what was left. */
  erasure?: Erasure;
}

export interface Difference {
  field: string;
  kept: unknown;
  dropped: unknown;
}
