/** Why an edit is rejected: with the places of its input, or as its record has changed or is not there. */
import type { RecordType } from '../model/recordTypes.js';
import type { Explain } from './report.js';

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

/** The record is not in the revision that the editor expects: it has been changed since. */
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
  override name = 'ChangeAborted';
}
