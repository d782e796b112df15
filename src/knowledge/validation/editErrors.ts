/** Errors of edits: invalid input, conflicts, and unknown records. */
import type { RecordType } from '../model/recordTypes.js';
import type { Explain, IssueCode } from './report.js';

export interface EditIssue {
  /** The place in the input: `input.start`, `operations[2].createPerson.name`. */
  path: string;
  code: IssueCode;
  /** What is wrong, and how to correct it. */
  message: string;
  /** What was probably meant, the most similar first. */
  nearest?: readonly string[];
  /** Computes the rest of the message, if that may take long. */
  explain?: Explain;
}

/** An edit that cannot be applied; its whole change is rolled back. */
export class EditError extends Error {
  override name = 'EditError';
  /** The index of the edit in its change. */
  index = 0;
}

/** The edit's input is invalid. */
export class InvalidEdit extends EditError {
  readonly issues: readonly EditIssue[];

  constructor(issues: readonly EditIssue[]) {
    super(issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('\n'));
    this.issues = issues;
  }
}

/** Invalid input with a single issue. */
export const invalid = (
  path: string,
  code: IssueCode,
  message: string,
  nearest: readonly string[] = [],
): InvalidEdit => new InvalidEdit([{ path, code, message, nearest }]);

/** The record is not in the expected revision, or its state conflicts with the edit. */
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

/** The change was aborted before it was committed, and rolled back. */
export class ChangeAborted extends Error {
  override name = 'ChangeAborted';
}
