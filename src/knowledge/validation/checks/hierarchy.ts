/** Rejects cycles: a place within itself, an organization that is part or member of itself. */
import type { RecordSet } from '../schemas.js';
import { show, type Path, type Report } from '../report.js';
import type { ExistingRecords } from '../existing.js';
import type { Registry } from '../registry.js';
import { recordsIn } from '../walk.js';

export function checkHierarchy(
  set: RecordSet,
  known: ExistingRecords,
  registry: Registry,
  report: Report,
): void {
  checkTree(set, 'places', 'within', known, registry, report);
  checkTree(set, 'organizations', 'parent', known, registry, report);
  for (const { record, path } of recordsIn(set, 'memberships')) {
    if (record['member'] !== undefined && record['member'] === record['organization']) {
      report(
        [...path, 'member'],
        'CONTRADICTION',
        `${show(record['member'])} cannot be a member of itself`,
      );
    }
  }
}

// Private:

interface Node {
  slug: string;
  /** The id of the direct parent. */
  above: string | undefined;
}

function checkTree(
  set: RecordSet,
  recordType: 'places' | 'organizations',
  field: string,
  known: ExistingRecords,
  registry: Registry,
  report: Report,
): void {
  const target = recordType === 'places' ? 'PLACE' : 'ORGANIZATION';
  const nodes = new Map<string, Node>(known.above);
  const declared: { id: string; at: Path }[] = [];
  for (const { record, path } of recordsIn(set, recordType)) {
    const { slug, [field]: above } = record;
    const id = registry.declared(String(slug), target)?.id;
    if (!id || above === undefined) continue;
    const aboveId = typeof above === 'string' ? registry.find(above, target)?.id : undefined;
    nodes.set(id, { slug: String(slug), above: aboveId });
    declared.push({ id, at: [...path, field] });
  }
  const reported = new Set<string>();
  for (const { id, at } of declared) {
    const circle = circleFrom(id, nodes);
    if (!circle || reported.has(id)) continue;
    for (const each of circle) reported.add(each);
    const slugs = [...circle, id].map((each) => nodes.get(each)?.slug ?? each);
    report(at, 'CONTRADICTION', `"${field}" goes in a circle: ${slugs.join(' → ')}`);
  }
}

/** The ids from this one up to itself; undefined if it is not its own ancestor. */
function circleFrom(id: string, nodes: ReadonlyMap<string, Node>): string[] | undefined {
  const path = new Set([id]);
  for (let at = nodes.get(id)?.above; at; at = nodes.get(at)?.above) {
    if (at === id) return [...path];
    if (path.has(at)) return undefined;
    path.add(at);
  }
  return undefined;
}
