/** An erasure: what an editor requests, and what comes of it. */
import type { Target } from '../history/target.js';
import type { RecordType } from '../model/recordTypes.js';
import type { ErasablePlace, FoundPlaces } from './places.js';
import type { ErasureReason } from './tombstones.js';

export interface ErasureRequest {
  target: Target;
  reason: ErasureReason;
  /** The kinds of other places that mention the record and are erased as well. */
  also: readonly ErasablePlace[];
  /** A field of which only the former values go; the record stays. `body` of an article, say. */
  former?: string | undefined;
  /** Words by which it is known beside its names, slugs and identifiers. */
  words: readonly string[];
}

/** What an erasure takes, and what it leaves. Holds no word of what goes, unless it is a preview. */
export interface Erasure extends FoundPlaces {
  recordType: RecordType;
  id: string;
  reason: ErasureReason;
  /** How many records of each type go, the record itself included. */
  records: Record<string, number>;
  /** How many rows of each table went; empty in a preview. */
  rows: Record<string, number>;
}
