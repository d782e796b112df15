/** What an audit finds. */
import type { RecordType } from '../model/recordTypes.js';

/** Something that does not agree. */
export interface Discrepancy {
  /** `organizations`, `references` … */
  recordType: RecordType | 'references';
  /** The record's or the reference's key. */
  id: string;
  /** What does not agree with what, in words. */
  message: string;
}

export interface AuditSummary {
  records: number;
  revisions: number;
  references: number;
  /** Records of which there is a tombstone in place of a history. */
  erased: number;
  discrepancies: Discrepancy[];
}

/** A value as a message shows it. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value ?? null);
  return text.length > 100 ? `${text.slice(0, 97)}…` : text;
};
