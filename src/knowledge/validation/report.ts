/** Reports of issues in records, and their places. */

import type { MatchingBudget } from '../quotation/budget.js';
import { shortened } from '../values/english.js';

/** The path to a value: `['offices', 3, 'statuses', 0, 'start']`. */
export type Path = readonly (string | number)[];

/** Reports an issue at a value or at its key. */
export type Report = (path: Path, code: IssueCode, message: string, details?: IssueDetails) => void;

/** The kind of rule that an issue breaks. */
export type IssueCode =
  | 'REQUIRED'
  | 'INVALID_VALUE'
  | 'TOO_LONG'
  | 'OUT_OF_RANGE'
  | 'UNKNOWN_FIELD'
  | 'INVALID_ID'
  | 'UNKNOWN_RECORD'
  | 'WRONG_TYPE'
  | 'AMBIGUOUS'
  | 'DUPLICATE'
  | 'CONTRADICTION'
  | 'NOT_IN_ARTICLE'
  | 'ERASED'
  | 'WRONG_STATE'
  | 'IMMUTABLE'
  | 'LIMIT_EXCEEDED'
  | 'OTHER';

/** The kind of mistake that a warning is about. */
export type WarningCode =
  | 'NAMESAKE'
  | 'SIMILAR_TITLE'
  | 'UNQUOTED'
  | 'SAID_AFTER_PUBLICATION'
  | 'MALFORMED_IDENTIFIER'
  | 'ITEMS_REMOVED'
  | 'CONCURRENT_HEADS'
  | 'NOT_SEARCHABLE'
  | 'DUPLICATE_DELETED'
  | 'NOT_IN_ARTICLE';

/** Reports a warning about a value. */
export type Warn = (path: Path, code: WarningCode, message: string) => void;

export interface IssueDetails {
  /** The place in a file. Default: the value. */
  at?: 'key' | 'value';
  /** What was probably meant, the most similar first. */
  nearest?: readonly string[];
  explain?: Explain;
}

/**
 * Computes the end of a message. As it may take long, it is called after the transaction, which
 * holds the lock of writers.
 */
export type Explain = (budget: MatchingBudget) => Promise<Explanation>;

export interface Explanation {
  /** What to append to the message. */
  message: string;
  nearest: readonly string[];
}

/** A value as it appears in messages. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const shown = (JSON.stringify(value) as string | undefined) ?? typeof value;
  return shortened(shown, 120);
}

/** `offices[3].statuses[0].start`. */
export const formatPath = (path: Path): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${step}` : step,
    '',
  );
