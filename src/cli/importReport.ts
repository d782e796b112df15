/** Reports of imports, as text and as JSON. */
import { formatIssue, type DossierIssue } from '../knowledge/exchange/dossier/issues.js';
import type { LeftOutCounts } from '../knowledge/exchange/formats/leftOut.js';
import type { StreamSummary } from '../knowledge/exchange/stream/importOptions.js';
import type { Origin } from '../knowledge/exchange/stream/parsedRecord.js';
import type { WritingSummary } from '../knowledge/writing/plan.js';

/** A kind of skipped items of a file. */
export interface LeftOut {
  /** `gender of persons`. */
  what: string;
  count: number;
  /** The place of the first. */
  first: Origin;
}

export const listed = (counts: LeftOutCounts): LeftOut[] =>
  [...counts].map(([what, { count, first }]) => ({ what, count, first }));

/** The report as JSON. Lists are limited as in the text; counts are complete. */
export function importReport(
  { broken, removed, ...summary }: WritingSummary | StreamSummary,
  leftOut: readonly LeftOut[] = [],
): object {
  return {
    ...summary,
    noLongerVerified: broken.slice(0, maxListed).map(({ message }) => message),
    removed: removed.slice(0, maxListed).map(({ message }) => message),
    removedLists: removed.length,
    leftOut,
  };
}

/** `parliament.json:3: left out: 12 × gender of persons, first here`. */
export function reportLeftOut(leftOut: readonly LeftOut[]): void {
  for (const { what, count, first } of leftOut.slice(0, maxListed)) {
    const where = `${first.file}:${first.line}`;
    console.error(`${where}: left out: ${count} × ${what}${count > 1 ? ', first here' : ''}`);
  }
  const more = leftOut.slice(maxListed);
  if (more.length > 0) {
    const count = more.reduce((sum, each) => sum + each.count, 0);
    console.error(`chancery: left out: ${count} × ${more.length} other fields; --json lists them`);
  }
}

/** Reports the sources of records without a slug, which later imports recognize by source only. */
export function reportSources({ apart, sources }: StreamSummary): void {
  if (apart > 0) {
    console.log(`  ${apart} with an identifier that belongs to a different record`);
  }
  for (const source of sources) {
    console.log(
      `  ids are unique within the source ${JSON.stringify(source)}; --source changes its name`,
    );
  }
}

export function reportBroken({ broken, removed }: WritingSummary): void {
  for (const { message } of broken) console.log(`  no longer verified: ${message}`);
  for (const { message } of removed.slice(0, maxListed)) console.log(`  removed: ${message}`);
  if (removed.length > maxListed) {
    console.log(`  removed: items of ${removed.length - maxListed} more lists`);
  }
}

/** Prints the warnings about a dossier on standard error. */
export function printWarnings(warnings: readonly DossierIssue[]): void {
  for (const { message, ...where } of warnings.slice(0, maxWarnings)) {
    console.error(formatIssue({ ...where, message: `warning: ${message}` }));
  }
  const more = warnings.length - maxWarnings;
  if (more > 0) console.error(`${warnings[0]?.file}: ${more} more warnings`);
}

/** `2 created, 0 changed, 1 unchanged, 0 rejected`. */
export function describe({
  created,
  updated,
  unchanged,
  removed,
  ...rest
}: WritingSummary | StreamSummary): string {
  const sum = (counts: Record<string, number>) =>
    Object.values(counts).reduce((total, number) => total + number, 0);
  const rejected = 'refused' in rest ? `, ${rest.refused} rejected` : '';
  const tombstones =
    'tombstones' in rest && rest.tombstones > 0
      ? `, ${rest.tombstones} tombstones of records erased elsewhere`
      : '';
  return `${sum(created)} created, ${sum(updated)} changed, ${sum(unchanged)} unchanged${rejected}${tombstones}${countRemoved(removed)}`;
}

// Private:

/** The maximum number of warnings printed for one file. */
const maxWarnings = 50;

/** The maximum number of items listed. */
const maxListed = 100;

/** `, 2 removed from mentions`; empty if nothing was removed. */
function countRemoved(removed: WritingSummary['removed']): string {
  const counts = new Map<string, number>();
  for (const { field, items } of removed) {
    counts.set(field, (counts.get(field) ?? 0) + items.length);
  }
  return [...counts].map(([field, count]) => `, ${count} removed from ${field}`).join('');
}
