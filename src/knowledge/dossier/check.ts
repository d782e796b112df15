/** Everything that is to be known before a dossier may be written. */
import type { Queryable } from '../../database/database.js';
import type { Draft } from '../writing/draft.js';
import { checkDeleted } from './checks/deleted.js';
import { checkHierarchy } from './checks/hierarchy.js';
import { checkPeriods } from './checks/periods.js';
import { locateQuotations } from './checks/quotations.js';
import { checkSlugs } from './checks/slugs.js';
import { checkUniqueness } from './checks/uniqueness.js';
import { draftsOf } from './drafts.js';
import { DossierError, formatPath, type DossierIssue, type Report } from './issues.js';
import { readKnown } from './known.js';
import { parseSource, type DossierSource } from './parse.js';
import { Registry } from './registry.js';
import { validateDossier } from './validate.js';

/**
 * The records that a dossier tells, checked against each other and the knowledge base.
 *
 * @throws DossierError with all that is wrong
 */
export async function readDrafts(db: Queryable, source: DossierSource): Promise<Draft[]> {
  const { data, issues, locate } = parseSource(source);
  if (issues.length > 0) throw new DossierError(issues);
  const report: Report = (path, message, at = 'value') =>
    void issues.push({
      file: source.name,
      ...locate(path, at),
      path: formatPath(path),
      message,
    });
  const dossier = validateDossier(data, report);
  const known = await readKnown(db, dossier);
  const registry = new Registry(dossier, known);
  checkSlugs(dossier, registry, report);
  checkDeleted(dossier, known, registry, report);
  checkHierarchy(dossier, known, registry, report);
  checkPeriods(dossier, known, registry, report);
  checkUniqueness(dossier, known, registry, report);
  const located = locateQuotations(dossier, known, registry, report);
  if (issues.length > 0) throw new DossierError(issues.sort(byPosition));
  return draftsOf(dossier, known, registry, located);
}

// Private:

const byPosition = (a: DossierIssue, b: DossierIssue) =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
