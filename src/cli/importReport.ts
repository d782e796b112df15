/** The outcome of an import: as text for people, as JSON for programs. */
import { formatIssue, type DossierIssue } from '../knowledge/exchange/dossier/issues.js';
import type { LeftOutCounts } from '../knowledge/exchange/formats/leftOut.js';
import type { StreamSummary } from '../knowledge/exchange/stream/importOptions.js';
import type { Origin } from '../knowledge/exchange/stream/parsedRecord.js';
import type { WritingSummary } from '../knowledge/writing/plan.js';

/** What a file holds and no record keeps. */
export interface LeftOut {
  /** `gender of persons`. */
  what: string;
  count: number;
  /** Where it was found first. */
  first: Origin;
}

export const listed = (counts: LeftOutCounts): LeftOut[] =>
  [...counts].map(([what, { count, first }]) => ({ what, count, first }));

/** The outcome for programs. Lists are cut as they are for people; the counts are whole. */
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
    console.error(`chancery: left out: ${count} × ${more.length} other fields; --json tells which`);
  }
}

/** Identifiers of records without a slug are found again only under the name of their source. */
export function reportSources({ apart, sources }: StreamSummary): void {
  if (apart > 0) {
    console.log(
      `  ${apart} kept apart from a record to which another source gives the same identifier`,
    );
  }
  for (const source of sources) {
    console.log(
      `  ids hold within the source ${JSON.stringify(source)}; --source gives it another name`,
    );
  }
}

export function reportBroken({ broken, removed }: WritingSummary): void {
  for (const { message } of broken) console.log(`  no longer verified: ${message}`);
  for (const { message } of removed.slice(0, maxListed)) console.log(`  removed: ${message}`);
  if (removed.length > maxListed) {
    console.log(`  removed: items of ${removed.length - maxListed} lists more`);
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

/** `2 created, 0 changed, 1 unchanged, 0 refused`. */
export function describe({
  created,
  updated,
  unchanged,
  removed,
  ...rest
}: WritingSummary | StreamSummary): string {
  const sum = (counts: Record<string, number>) =>
    Object.values(counts).reduce((total, number) => total + number, 0);
  const refused = 'refused' in rest ? `, ${rest.refused} refused` : '';
  const tombstones =
    'tombstones' in rest && rest.tombstones > 0
      ? `, ${rest.tombstones} records erased elsewhere, not to be taken in`
      : '';
  return `${sum(created)} created, ${sum(updated)} changed, ${sum(unchanged)} unchanged${refused}${tombstones}${countRemoved(removed)}`;
}

// Private:

/** Warnings printed for one file. */
const maxWarnings = 50;

/** Fields and lists that lost something, listed one by one. */
const maxListed = 100;

/** `, 2 removed from mentions`; nothing where no list has lost anything. */
function countRemoved(removed: WritingSummary['removed']): string {
  const counts = new Map<string, number>();
  for (const { field, items } of removed) {
    counts.set(field, (counts.get(field) ?? 0) + items.length);
  }
  return [...counts].map(([field, count]) => `, ${count} removed from ${field}`).join('');
}
