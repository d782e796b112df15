/** Rejects erased records and erased values. */
import { keysIn, valuesIn } from '../erasedKeys.js';
import type { RecordSet } from '../schemas.js';
import type { ExistingRecords } from '../existing.js';
import type { Report } from '../report.js';
import { recordsOf } from '../walk.js';
import { linkTargetOf } from '../../model/recordTypes.js';

export function checkErased(set: RecordSet, known: ExistingRecords, report: Report): void {
  if (known.erased.size === 0) return;
  for (const entry of recordsOf(set)) {
    for (const key of keysIn(entry, known)) {
      const why = known.erased.get(key);
      if (why === undefined) continue;
      const another = linkTargetOf(entry.recordType)
        ? '; if it is something else, give it another slug and identifiers of its own'
        : '';
      report(
        entry.path,
        'ERASED',
        `the record was erased from the knowledge base (${why}) and cannot be added again: leave it out${another}`,
      );
      break;
    }
    for (const { field, key } of valuesIn(entry, known)) {
      const why = known.erased.get(key);
      if (why === undefined) continue;
      report(
        [...entry.path, field],
        'ERASED',
        `a former value was erased from the knowledge base (${why}) and cannot be added again: leave the field out`,
      );
      break;
    }
  }
}
