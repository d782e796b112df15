/** What an editor can ask for, and what comes of it. */
import type { WriteAuthor } from '../auth/author.js';
import type { Explain } from '../validation/report.js';
import type { Erasure, ErasureRequest } from '../erasure/erase.js';
import type { BrokenReference } from '../writing/recheck.js';
import type { RecordType } from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';

/** A record by its key or its slug. */
export type RecordName = { id: string } | { slug: string };

/** A record that an edit is about. */
export interface Target {
  recordType: RecordType;
  name: RecordName;
  /** The number of the last revision that the editor has seen; the edit fails if there is another. */
  expectedRevision?: number | undefined;
}

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
  exact: string;
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

/** Whose change it is, and why it is made. */
export interface Author extends WriteAuthor {
  reason: string | null;
}

export interface EditIssue {
  /** Where: `input.start`, `operations[2].createPerson.name`. */
  path: string;
  /** What is wrong and what to do. */
  message: string;
  /** What else is to be said, where finding it out may take long. */
  explain?: Explain;
}

/** An edit that cannot be done; nothing of its change is. */
export class EditError extends Error {
  override name = 'EditError';
  /** Which of several edits, from 0. */
  index = 0;
}

/** The edit asks for what may not be. */
export class InvalidEdit extends EditError {
  readonly issues: readonly EditIssue[];

  constructor(issues: readonly EditIssue[]) {
    super(issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('\n'));
    this.issues = issues;
  }
}

/** The record is not what the editor took it for: somebody has changed it meanwhile. */
export class EditConflict extends EditError {
  readonly recordType: RecordType;
  readonly id: string;

  constructor(recordType: RecordType, id: string, message: string) {
    super(message);
    this.recordType = recordType;
    this.id = id;
  }
}

/** There is no such record. */
export class UnknownRecord extends EditError {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** The change was given up before it was made; nothing of it is. */
export class ChangeAborted extends Error {
  override name = 'ChangeGivenUp';
}
