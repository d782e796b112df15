/** Rejects periods that end before they start, and overlapping periods that exclude each other. */
import { byStart, isReversed, open, overlap, type Period } from '../../values/partialDate.js';
import type { RecordSet } from '../schemas.js';
import { formatPath, show, type Path, type Report } from '../report.js';
import type { ExistingRecords } from '../existing.js';
import type { Registry } from '../registry.js';
import { items, recordsIn, recordsOf } from '../walk.js';

export function checkPeriods(
  set: RecordSet,
  known: ExistingRecords,
  registry: Registry,
  report: Report,
): void {
  for (const { record, path } of recordsOf(set)) {
    checkOrder(record, path, report);
    for (const list of ['names', 'statuses']) {
      for (const { value, at } of items(record[list], [...path, list])) {
        checkOrder(value as Period, at, report);
      }
    }
    checkOrder(
      { start: record['birthDate'] as string, end: record['deathDate'] as string },
      path,
      report,
      ['birthDate', 'deathDate'],
    );
  }
  for (const { record, path } of recordsIn(set, 'offices')) {
    checkStatuses(record['statuses'], [...path, 'statuses'], report);
  }
  checkFacts(positionsOf(set, known, registry), report);
  checkFacts(membershipsOf(set, known, registry), report);
}

/** Statuses in order; one without an end lasts until the next starts. */
export function completeStatuses<Status extends Period>(
  statuses: readonly Status[],
): (Status & { end: string | null })[] {
  const sorted = [...statuses].sort(byStart);
  return sorted.map((status, i) => ({
    ...status,
    end: status.end ?? dated(sorted[i + 1]?.start),
  }));
}

// Private:

/** A start known to be open does not end the previous status. */
const dated = (start: string | null | undefined): string | null =>
  start === undefined || start === open ? null : start;

/** A fact's period; facts of the same `group` must not overlap. */
interface Fact extends Period {
  group: string;
  /** Undefined for facts of the knowledge base. */
  path?: Path;
}

function checkOrder(
  period: Period,
  path: Path,
  report: Report,
  [start, end]: [string, string] = ['start', 'end'],
): void {
  if (!isReversed(period)) return;
  const message = `"${end}" ${show(period.end)} is before "${start}" ${show(period.start)}`;
  report([...path, end], 'CONTRADICTION', message);
}

function checkStatuses(value: unknown, path: Path, report: Report): void {
  const statuses = items(value, path).map(({ value, at }) => ({
    ...(value as Period & { status: string }),
    at,
  }));
  const sorted = completeStatuses(statuses);
  sorted.forEach((status, i) => {
    const earlier = sorted
      .slice(0, i)
      .find(
        (other) =>
          overlap(other, status) ||
          (other.status === status.status && (other.start ?? '') === (status.start ?? '')),
      );
    if (earlier) {
      report(
        status.at,
        'CONTRADICTION',
        `the status ${status.status} from ${show(status.start ?? null)} overlaps ${earlier.status} from ${show(earlier.start ?? null)} at ${formatPath(earlier.at)}: an office has one status at a time`,
      );
    }
  });
}

function positionsOf(set: RecordSet, known: ExistingRecords, registry: Registry): Fact[] {
  return [
    ...recordsIn(set, 'positions').map(({ record, path }) => ({
      group: groupOf(registry, record['person'], record['organization'], record['title']),
      ...(record as Period),
      path,
    })),
    ...known.positions
      .filter(({ deletedAt }) => !deletedAt)
      .map(({ personId, organizationId, title, start, end }) => ({
        group: JSON.stringify([personId, organizationId, title]),
        start,
        end,
      })),
  ];
}

function membershipsOf(set: RecordSet, known: ExistingRecords, registry: Registry): Fact[] {
  return [
    ...recordsIn(set, 'memberships').map(({ record, path }) => ({
      group: groupOf(registry, record['member'], record['organization'], record['role']),
      ...(record as Period),
      path,
    })),
    ...known.memberships
      .filter(({ deletedAt }) => !deletedAt)
      .map(({ memberId, organizationId, role, start, end }) => ({
        group: JSON.stringify([memberId, organizationId, role]),
        start,
        end,
      })),
  ];
}

/** The group of a fact; equal for facts of the set and of the knowledge base. */
function groupOf(registry: Registry, one: unknown, other: unknown, last: unknown): string {
  const ids = [one, other].map((slug) => registry.find(String(slug), 'PERSON')?.id ?? slug);
  return JSON.stringify([...ids, last]);
}

function checkFacts(facts: Fact[], report: Report): void {
  for (const group of groupsOf(facts)) {
    const declared = group.filter(({ path }) => path);
    // A fact that the set gives again counts as given there.
    const known = group.filter(
      (fact) => !fact.path && !declared.some((other) => sameStart(other, fact)),
    );
    declared.forEach((fact, i) => checkFact(fact, declared.slice(0, i), known, report));
  }
}

function groupsOf(facts: Fact[]): Iterable<Fact[]> {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.group);
    if (group) group.push(fact);
    else groups.set(fact.group, [fact]);
  }
  return groups.values();
}

function checkFact(fact: Fact, earlier: Fact[], known: Fact[], report: Report): void {
  const path = fact.path ?? [];
  const twin = earlier.find((other) => sameStart(other, fact));
  if (twin) {
    report(path, 'DUPLICATE', `this is given twice, first at ${formatPath(twin.path ?? [])}`);
    return;
  }
  const clash = [...earlier, ...known].find((other) => overlap(other, fact));
  if (!clash) return;
  const where = clash.path ? `at ${formatPath(clash.path)}` : 'in the knowledge base';
  const [own, other] = [fact, clash].map(
    ({ start, end }) => `from ${show(start ?? null)} to ${show(end ?? null)}`,
  );
  report(path, 'CONTRADICTION', `${own} overlaps the same ${other} ${where}: correct the dates`);
}

const sameStart = (a: Period, b: Period) => (a.start ?? null) === (b.start ?? null);
