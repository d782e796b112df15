/** Importing dossiers: each whole or not at all, and any number of times with the same result. */
import type { Database, Queryable } from '../../../database/database.js';
import { brokenRule } from '../../../database/errors.js';
import { checkAuthor, importIdentity } from '../../auth/author.js';
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

/** How many records were created, updated and left as they were, and which references broke. */
export interface ImportSummary extends WritingSummary {
  /** What was taken, but is worth a second look. */
  warnings: DossierIssue[];
}

export interface ImportOptions {
  /** The name that history shows for the author. Default `import`. */
  actor?: string | undefined;
  /** Who the author is, whatever the name. Default `app:import`. */
  identity?: string | undefined;
  /** Why, for the history. Default `import of <file>`. */
  reason?: string | undefined;
  /** Within which identifiers hold that are not unique in the world. Default: the dossier's name. */
  source?: string | undefined;
  /** Schemes whose identifiers count as unique in the world, beside those that docs/stream.md lists. */
  trustSchemes?: readonly string[] | undefined;
  /** Told how many rows of how many are written. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Reads a dossier into the knowledge base, in one transaction.
 *
 *     const { created } = await importDossier(database, { name: 'nato.yaml', text });
 *     created.offices // 8
 *
 * @throws DossierError with all that is wrong with it; then nothing was written
 */
export function importDossier(
  database: Database,
  source: DossierSource,
  options: ImportOptions = {},
): Promise<ImportSummary> {
  return refusalsExplained(source, () =>
    database.db.transaction((tx) => importInto(tx, source, options)),
  );
}

/** The same in a transaction of the caller's. */
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
 * What an import of the dossier would do. Writes nothing.
 *
 * @throws DossierError with all that is wrong with it
 */
export function checkDossier(database: Database, source: DossierSource): Promise<ImportSummary> {
  return refusalsExplained(source, () =>
    database.db.transaction(async (tx) => {
      const { recordChanges, warnings } = await parseDossier(tx, source);
      const { summary } = await planWriting(tx, recordChanges, unlimited());
      return { ...summary, warnings };
    }),
  );
}

// Private:

/** A rule of the database that no check foresaw, in words for the dossier's author. */
async function refusalsExplained<Result>(
  { name }: DossierSource,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DossierError) throw await explained(error);
    const rule = brokenRule(error);
    if (!rule) throw error;
    const message = `the database refused the dossier: ${rule}. Nothing was written; please report this as a missing check`;
    throw new DossierError([{ file: name, path: '', message }], { cause: error });
  }
}
