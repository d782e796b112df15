/** Parses and checks a dossier. */
import { z } from 'zod';
import type { Queryable } from '../../../database/database.js';
import { unlimited } from '../../quotation/budget.js';
import { defaultBodyAccess, type BodyAccess } from '../../validation/bodyAccess.js';
import { checkRecords } from '../../validation/check.js';
import { changesOf } from '../../validation/recordChanges.js';
import { sections, type RecordSet } from '../../validation/schemas.js';
import { selectExisting } from '../../validation/existing.js';
import { explain } from '../../validation/messages.js';
import { Registry } from '../../validation/registry.js';
import { readIdentifiers, type Scope } from '../../values/identifiers.js';
import {
  formatPath,
  show,
  type IssueDetails,
  type Path,
  type Report,
} from '../../validation/report.js';
import { findWarnings } from '../../validation/warnings.js';
import { parseRecord, reportUnstorable } from '../../validation/validate.js';
import { slug } from '../../validation/values.js';
import { schemeName } from '../../values/schemes.js';
import type { RecordChange } from '../../writing/recordChange.js';
import { DossierError, type DossierIssue } from './issues.js';
import { parseSource, type DossierSource } from './parse.js';
import { isData } from '../../values/data.js';

/**
 * The records of a dossier, checked against each other and the knowledge base, with warnings.
 *
 * @throws DossierError with all issues
 */
export async function parseDossier(
  db: Queryable,
  source: DossierSource,
  { source: within = source.name, trustSchemes = [], bodyAccess }: ReadOptions = {},
): Promise<{ recordChanges: RecordChange[]; warnings: DossierIssue[] }> {
  const { data, issues, locate } = parseSource(source);
  if (issues.length > 0) throw new DossierError(issues);
  const addTo =
    (list: DossierIssue[]) =>
    (path: Path, _code: string, message: string, { at = 'value', explain }: IssueDetails = {}) =>
      void list.push({
        file: source.name,
        ...locate(path, at),
        path: formatPath(path),
        message,
        ...(explain && { explain }),
      });
  const report = addTo(issues);
  const scope = { source: within, trusted: new Set(trustSchemes.map(schemeName)) };
  const set = readSet(data, scope, report);
  const known = await selectExisting(db, set);
  const registry = new Registry(set, known);
  const located = await checkRecords(set, known, registry, report, unlimited());
  if (issues.length > 0) throw new DossierError(issues.sort(byPosition));
  const warnings: DossierIssue[] = [];
  await findWarnings(db, set, registry, addTo(warnings));
  return {
    recordChanges: changesOf(
      set,
      known,
      registry,
      located,
      await defaultBodyAccess(db, set, registry, bodyAccess),
    ),
    warnings: warnings.sort(byPosition),
  };
}

// Private:

interface ReadOptions {
  /** The source of its identifiers. */
  source?: string | undefined;
  trustSchemes?: readonly string[] | undefined;
  /** Of new articles, unless their publisher has a default of its own. */
  bodyAccess?: BodyAccess | undefined;
}

/** Normalizes the identifiers of a record; malformed ones are reported later. */
function withIdentifiers(record: unknown, scope: Scope, path: Path, report: Report): unknown {
  if (!isData(record) || !isData(record['identifiers'])) return record;
  const warn = (message: string) => report([...path, 'identifiers'], 'INVALID_VALUE', message);
  return { ...record, identifiers: readIdentifiers(record['identifiers'], scope, warn) };
}

const byPosition = (a: DossierIssue, b: DossierIssue) =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

/** Parses the records section by section; see `validation/schemas.ts`. */
function readSet(data: unknown, scope: Scope, report: Report): RecordSet {
  const set: Record<string, unknown[]> = Object.fromEntries(
    Object.keys(sections).map((name) => [name, []]),
  );
  if (isTooDeep(data)) {
    report([], 'INVALID_VALUE', 'nested too deeply for a dossier');
    return set as unknown as RecordSet;
  }
  if (!isData(data)) {
    report(
      [],
      'INVALID_VALUE',
      `a dossier is a mapping of sections such as "articles:", not ${show(data)}`,
    );
    return set as unknown as RecordSet;
  }
  reportUnstorable(data, [], report);
  checkTop(data, report);
  for (const [name, form] of Object.entries(sections)) {
    const records = data[name] ?? [];
    if (!Array.isArray(records)) {
      report([name], 'INVALID_VALUE', `"${name}" is a list of records, not ${show(records)}`);
      continue;
    }
    set[name] = records.map((record: unknown, i) => {
      const path = [name, i];
      return parseRecord(form, withIdentifiers(record, scope, path, report), path, report);
    });
  }
  const cite = slug.safeParse(data['cite']);
  return { ...set, cite: cite.data } as unknown as RecordSet;
}

const top = z.strictObject({
  cite: slug.nullish(),
  ...Object.fromEntries(Object.keys(sections).map((name) => [name, z.unknown().optional()])),
});

function checkTop(data: Record<string, unknown>, report: Report): void {
  const { error } = top.safeParse(data);
  for (const issue of error?.issues ?? []) explain(issue, data, [], top, report);
}

/** Bounds recursion, since data may contain itself. */
const isTooDeep = (value: unknown, depth = 0): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth > 20 || Object.values(value).some((each) => isTooDeep(each, depth + 1)));
