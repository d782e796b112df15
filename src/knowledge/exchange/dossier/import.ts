/** Imports dossiers: atomically, and repeatedly with the same result. */
import type { Database, Queryable } from '../../../database/database.js';
import { brokenRule } from '../../../database/errors.js';
import { checkAuthor, importIdentity } from '../../auth/author.js';
import type { BodyAccess } from '../../validation/bodyAccess.js';
import { unlimited } from '../../quotation/budget.js';
import { applyPlan } from '../../writing/apply.js';
import { lockWriting } from '../../writing/lock.js';
import { planWriting, type WritingSummary } from '../../writing/plan.js';
import { DossierError, explained, type DossierIssue } from './issues.js';
import type { DossierSource } from './parse.js';
import { parseDossier } from './read.js';

export type { BrokenReference } from '../../writing/recheck.js';
export type { CountedType } from '../../writing/plan.js';
export type { DossierSource } from './parse.js';

/** The number of records created, updated and unchanged, and the broken references. */
export interface ImportSummary extends WritingSummary {
  /** Messages about what was imported, but may be a mistake. */
  warnings: DossierIssue[];
}

export interface ImportOptions {
  /** The name that history shows for the author. Default `import`. */
  actor?: string | undefined;
  /** The identity of the author. Default `app:import`. */
  identity?: string | undefined;
  /** The reason recorded in history. Default `import of <file>`. */
  reason?: string | undefined;
  /** The source within which identifiers are unique. Default: the dossier's name. */
  source?: string | undefined;
  /** Globally unique schemes, in addition to those that docs/stream.md lists. */
  trustSchemes?: readonly string[] | undefined;
  /** How much of the bodies of new articles readers may see, by default. Default `FULL`. */
  bodyAccess?: BodyAccess | undefined;
  /** Called with the number of rows written, and their total. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Imports a dossier in one transaction.
 *
 *     const { created } = await importDossier(database, { name: 'nato.yaml', text });
 *     created.offices // 8
 *
 * @throws DossierError with all issues; nothing is written then
 */
export function importDossier(
  database: Database,
  source: DossierSource,
  options: ImportOptions = {},
): Promise<ImportSummary> {
  return withDossierErrors(source, () =>
    database.db.transaction((tx) => importInto(tx, source, options)),
  );
}

/** Imports a dossier in a transaction of the caller. */
export async function importInto(
  tx: Queryable,
  source: DossierSource,
  options: ImportOptions = {},
): Promise<ImportSummary> {
  const {
    actor = 'import',
    identity = importIdentity,
    reason = `import of ${source.name}`,
    onProgress,
  } = options;
  checkAuthor({ identity, actor });
  await lockWriting(tx);
  const { recordChanges, warnings } = await parseDossier(tx, source, options);
  const plan = await planWriting(tx, recordChanges, unlimited());
  await applyPlan(tx, plan, { identity, actor, reason }, { onProgress });
  return { ...plan.summary, warnings };
}

/**
 * Reports the result of importing the dossier. Writes nothing.
 *
 * @throws DossierError with all issues
 */
export function checkDossier(database: Database, source: DossierSource): Promise<ImportSummary> {
  return withDossierErrors(source, () =>
    database.db.transaction(async (tx) => {
      const { recordChanges, warnings } = await parseDossier(tx, source);
      const { summary } = await planWriting(tx, recordChanges, unlimited());
      return { ...summary, warnings };
    }),
  );
}

// Private:

/** Turns violations of database constraints into errors of the dossier, and completes messages. */
async function withDossierErrors<Result>(
  { name }: DossierSource,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DossierError) throw await explained(error);
    const rule = brokenRule(error);
    if (!rule) throw error;
    const message = `the database rejected the dossier: ${rule}. Nothing was written; please report this as a missing check`;
    throw new DossierError([{ file: name, path: '', message }], { cause: error });
  }
}
