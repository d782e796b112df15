/** The result of an audit. */
import type { RecordType } from '../model/recordTypes.js';
import { shortened } from '../values/english.js';

/** A disagreement between two parts of the knowledge base. */
export interface Discrepancy {
  /** `organizations`, `references` … */
  recordType: RecordType | 'references';
  /** The record's or the reference's key. */
  id: string;
  /** The message. */
  message: string;
}

export interface AuditSummary {
  records: number;
  revisions: number;
  references: number;
  /** The number of records that have a tombstone instead of a history. */
  erased: number;
  discrepancies: Discrepancy[];
}

/** A value for a message, shortened. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value ?? null);
  return shortened(text, 100);
};
