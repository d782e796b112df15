/** The request and the result of an erasure. */
import type { Target } from '../history/target.js';
import type { RecordType } from '../model/recordTypes.js';
import type { ErasablePlace, FoundPlaces } from './places.js';
import type { ErasureReason } from './tombstones.js';

export interface ErasureRequest {
  target: Target;
  reason: ErasureReason;
  /** The kinds of other places to redact. */
  also: readonly ErasablePlace[];
  /** Erases only the former values of this field, such as `body`; the record remains. */
  former?: string | undefined;
  /** Words to find in addition to names, slugs and identifiers. */
  words: readonly string[];
}

/** The result of an erasure. It contains none of the erased words, except in a preview. */
export interface Erasure extends FoundPlaces {
  recordType: RecordType;
  id: string;
  reason: ErasureReason;
  /** The number of erased records by type, the record itself included. */
  records: Record<string, number>;
  /** The number of deleted rows by table; empty in a preview. */
  rows: Record<string, number>;
}
