/** The rules for a set of records, by itself and against the knowledge base. */
import type { MatchingBudget } from '../quotation/budget.js';
import { bodiesOf } from './checks/bodies.js';
import { checkDeleted } from './checks/deleted.js';
import { checkErased } from './checks/erased.js';
import { checkHierarchy } from './checks/hierarchy.js';
import { checkMerged } from './checks/merged.js';
import { checkPeriods } from './checks/periods.js';
import { locateQuotations, type Located } from './checks/quotations.js';
import { checkSlugs } from './checks/slugs.js';
import { checkStatements } from './checks/statements.js';
import { checkUniqueness } from './checks/uniqueness.js';
import type { RecordSet } from './schemas.js';
import type { ExistingRecords } from './existing.js';
import type { Registry } from './registry.js';
import type { Report } from './report.js';

/** Reports violations of the rules. Returns the positions of quoted passages and mentions. */
export async function checkRecords(
  set: RecordSet,
  known: ExistingRecords,
  registry: Registry,
  report: Report,
  budget?: MatchingBudget,
): Promise<Located> {
  checkErased(set, known, report);
  checkSlugs(set, known, registry, report);
  checkDeleted(set, known, registry, report);
  checkMerged(set, registry, report);
  checkHierarchy(set, known, registry, report);
  checkPeriods(set, known, registry, report);
  checkUniqueness(set, known, registry, report);
  const bodies = bodiesOf(set, known, registry);
  await checkStatements(set, bodies, report, budget);
  return locateQuotations(set, known, registry, bodies, report, budget);
}
