/** Rejects facts that were deleted: an import does not restore them. */
import { indexFacts } from '../factIndex.js';
import type { RecordSet } from '../schemas.js';
import type { Report } from '../report.js';
import type { ExistingRecords } from '../existing.js';
import type { Registry } from '../registry.js';
import { recordsIn } from '../walk.js';

export function checkDeleted(
  set: RecordSet,
  known: ExistingRecords,
  registry: Registry,
  report: Report,
): void {
  const factOf = indexFacts(known, registry);
  for (const recordType of ['positions', 'memberships', 'statements'] as const) {
    for (const entry of recordsIn(set, recordType)) {
      const fact = factOf(entry);
      if (!fact?.deletedAt || entry.record['deletedAt']) continue;
      const reason = fact.deletionReason ?? 'no reason given';
      report(
        entry.path,
        'WRONG_STATE',
        `this was deleted from the knowledge base (${reason}): restore it first, or leave it out`,
      );
    }
  }
}
