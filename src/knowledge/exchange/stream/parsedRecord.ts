/** Records on their way in, whatever format they come from. */
import type { Explain } from '../../validation/report.js';
import type { RecordTypeName } from '../../model/recordTypes.js';

/** Where a record stands: the file, and its line from 1. */
export interface Origin {
  file: string;
  line: number;
}

/** A record as a file has it, not yet checked. */
export interface RecordData {
  origin: Origin;
  /** In the form of the stream, its `type` among the fields. */
  data: unknown;
  /** Stands in for a record that others name: where that is there already, it stays as it is. */
  isStandIn?: boolean;
}

/** What a file holds in place of a record. */
export interface Unreadable {
  origin: Origin;
  /** What was wrong and what to do. */
  problem: string;
  /** The text as far as it is of use for correcting it. */
  text?: string;
}

export type ParsedRecord = RecordData | Unreadable;

/** A record in its form. */
export interface Entry {
  origin: Origin;
  type: RecordTypeName;
  record: Record<string, unknown>;
  /** Within which its identifiers hold that are not unique in the world. */
  source: string;
  /** What was wrong with it, but not so much that it is not taken. */
  warnings?: string[];
  /** The record is written already, all but these citations. */
  isRest?: boolean;
  isStandIn?: boolean;
}

/** Something about a record that was taken which its source should mend. */
export interface Warning {
  origin: Origin;
  message: string;
}

/** A record that was not taken, and why. */
export interface RejectedRecord {
  origin: Origin;
  reasons: string[];
  /** Completes each reason, at a cost that is paid only for a rejection that is shown. */
  explain?: (Explain | undefined)[];
  /** The record as it was read, so that it can be corrected and imported again. */
  data?: unknown;
}

export const isUnreadable = (incoming: object): incoming is Unreadable => 'problem' in incoming;

export const isRejected = (entry: Entry | RejectedRecord): entry is RejectedRecord =>
  'reasons' in entry;
