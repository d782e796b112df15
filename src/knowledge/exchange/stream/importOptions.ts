/** Options and summary of an import of a stream. */
import type { BodyAccess } from '../../validation/bodyAccess.js';
import type { WritingSummary } from '../../writing/plan.js';
import type { RejectedRecord, Warning } from './parsedRecord.js';

export interface StreamImportOptions {
  /** The name that history shows for the author. Default `import`. */
  actor?: string | undefined;
  /** The identity of the author. Default `app:import`. */
  identity?: string | undefined;
  /** The reason recorded in history. */
  reason?: string | undefined;
  /**
   * The source within which identifiers are unique, unless they are globally unique. Use one name
   * per publisher. Default: the file of each record.
   */
  source?: string | undefined;
  /** Globally unique schemes, in addition to those that docs/stream.md lists. */
  trustSchemes?: readonly string[] | undefined;
  /** How much of the bodies of new articles readers may see, by default. Default `FULL`. */
  bodyAccess?: BodyAccess | undefined;
  /** Import valid records and skip invalid ones. Default: stop at the first batch with a rejection. */
  keepGoing?: boolean | undefined;
  /** Called with each rejected record. */
  onRefused?: ((rejection: RejectedRecord) => void) | undefined;
  /**
   * Called with each problem of an imported record: a malformed identifier, or one that belongs to a
   * different record.
   */
  onWarning?: ((warning: Warning) => void) | undefined;
  /** Called with the number of records processed. */
  onProgress?: ((records: number) => void) | undefined;
}

/** The number of records created, updated, unchanged and rejected. */
export interface StreamSummary extends WritingSummary {
  refused: number;
  /** The number of records with an identifier that belongs to a different record. */
  apart: number;
  /** The sources of records that were recognized by identifiers unique only within them. */
  sources: string[];
  /** The number of tombstones imported; their records can no longer be imported. */
  tombstones: number;
}
