/**
 * A record that was merged elsewhere becomes a redirect here. One that is in use here is merged by an
 * editor, as its links, names and references have to go over to the record that stays.
 */
import { linkTargetOf } from '../../model/recordTypes.js';
import type { Registry } from '../registry.js';
import { show, type Report } from '../report.js';
import type { RecordSet } from '../schemas.js';
import { recordsOf } from '../walk.js';

export function checkMerged(set: RecordSet, registry: Registry, report: Report): void {
  for (const { recordType, record, path } of recordsOf(set)) {
    const target = linkTargetOf(recordType);
    const { slug, mergedInto } = record;
    if (!target || typeof slug !== 'string' || typeof mergedInto !== 'string') continue;
    const at = [...path, 'mergedInto'];
    const stays = registry.declared(mergedInto, target);
    // A link to nothing, or to a record of another type, is reported as such.
    if (stays?.target !== target) continue;
    if (mergedInto === slug) {
      const message = `${show(slug)} cannot be merged into itself: name the record that stays`;
      report(at, 'CONTRADICTION', message);
    } else if (registry.declared(slug, target)?.known) {
      report(
        at,
        'WRONG_STATE',
        `${show(slug)} was merged into ${show(mergedInto)} where this comes from, but is not merged here: merge the two with the mutation "merge", or leave the record out`,
      );
    } else if (stays.mergedInto !== undefined) {
      const message = `${show(mergedInto)} was merged into another, too: name the record that stays`;
      report(at, 'WRONG_STATE', message);
    }
  }
}
