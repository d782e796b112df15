/** Records parsed from a file of any format. */
import type { Explain } from '../../validation/report.js';
import type { RecordTypeName } from '../../model/recordTypes.js';

/** The place of a record: file and line, from 1. */
export interface Origin {
  file: string;
  line: number;
}

/** A parsed record, not yet checked. */
export interface RecordData {
  origin: Origin;
  /** The record in the format of the stream, with its `type`. */
  data: unknown;
  /** A placeholder for a linked record, ignored if the record exists. */
  isStandIn?: boolean;
}

/** A part of a file that is not a record. */
export interface Unreadable {
  origin: Origin;
  /** The problem, and how to correct it. */
  problem: string;
  /** The text, if it helps to correct it. */
  text?: string;
}

export type ParsedRecord = RecordData | Unreadable;

/** A checked record. */
export interface Entry {
  origin: Origin;
  type: RecordTypeName;
  record: Record<string, unknown>;
  /** The source of its identifiers. */
  source: string;
  /** Problems that do not prevent its import. */
  warnings?: string[];
  /** Contains only the citations of a record written before. */
  isRest?: boolean;
  isStandIn?: boolean;
}

/** A problem of an imported record. */
export interface Warning {
  origin: Origin;
  message: string;
}

/** A record that was not imported, and the reasons. */
export interface RejectedRecord {
  origin: Origin;
  reasons: string[];
  /** Completes each reason; called only for rejections that are shown. */
  explain?: (Explain | undefined)[];
  /** The record as it was read, so that it can be corrected and imported again. */
  data?: unknown;
}

export const isUnreadable = (incoming: object): incoming is Unreadable => 'problem' in incoming;

export const isRejected = (entry: Entry | RejectedRecord): entry is RejectedRecord =>
  'reasons' in entry;
