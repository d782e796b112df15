/** The options of an import of a stream, and its summary. */
import type { WritingSummary } from '../../writing/plan.js';
import type { RejectedRecord, Warning } from './parsedRecord.js';

export interface StreamImportOptions {
  /** The name that history shows for the author. Default `import`. */
  actor?: string | undefined;
  /** Who the author is, whatever the name. Default `app:import`. */
  identity?: string | undefined;
  /** Why, for the history. */
  reason?: string | undefined;
  /**
   * Within which identifiers hold that are not unique in the world: give each publisher a name of
   * its own. Default: the file that a record comes from.
   */
  source?: string | undefined;
  /** Schemes whose identifiers count as unique in the world, beside those that docs/stream.md lists. */
  trustSchemes?: readonly string[] | undefined;
  /** Take the sound records even where others are wrong. By default the first batch with a wrong one ends the run. */
  keepGoing?: boolean | undefined;
  /** Called with each record that is rejected. */
  onRefused?: ((refusal: RejectedRecord) => void) | undefined;
  /**
   * Called with what is wrong with a record that is taken: an identifier that is not in the form of
   * its scheme, or one by which it would be another record, from which it is kept apart.
   */
  onWarning?: ((warning: Warning) => void) | undefined;
  /** Called with the number of records done. */
  onProgress?: ((records: number) => void) | undefined;
}

/** How many records were made, changed, left as they were and refused. */
export interface StreamSummary extends WritingSummary {
  refused: number;
  /** How many records were kept apart from one to which another source gives the same identifier. */
  apart: number;
  /** The sources within which records were known by identifiers that hold only there. */
  sources: string[];
  /** How many records were erased elsewhere, and are not taken in from now on. */
  tombstones: number;
}
