/** Creating and updating a record by its fields, with the forms and rules of files. */
import { eq } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { coalesce } from '../../database/sql.js';
import { article, entity, event, officeStatus } from '../../database/tables/index.js';
import { defaultBodyAccess, type BodyAccess } from '../validation/bodyAccess.js';
import { checkRecords } from '../validation/check.js';
import { changesOf } from '../validation/recordChanges.js';
import { readIdentifiers } from '../values/identifiers.js';
import { sections, type RecordSet } from '../validation/schemas.js';
import { selectExisting, type ExistingRecords } from '../validation/existing.js';
import { Registry } from '../validation/registry.js';
import { formatPath, type Path, type Report } from '../validation/report.js';
import { findWarnings } from '../validation/warnings.js';
import { parseRecord as checkForm, reportUnstorable } from '../validation/validate.js';
import type { MatchingBudget } from '../quotation/budget.js';
import { selectFields } from '../history/state.js';
import type { RecordChange } from '../writing/recordChange.js';
import type { Citation, CitedFact, Edit, EditWarning } from './edit.js';
import { withSlugs } from './linkSlugs.js';
import { freeSlug } from './slugs.js';
import { findTarget, type FoundRecord } from '../history/target.js';
import { linkTargetOf, spaceOf, type RecordType } from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';
import { InvalidEdit, UnknownRecord, invalid, type EditIssue } from '../validation/editErrors.js';

type Save = Extract<Edit, { kind: 'create' | 'upsert' | 'update' }>;

/** A record's change, and warnings about it. */
interface Saving {
  recordChange: RecordChange;
  warnings: EditWarning[];
}

/**
 * The change that creates or updates a record.
 *
 * @param bodyAccess Of a new article, unless its publisher has a default of its own
 * @throws InvalidEdit with all issues, UnknownRecord, EditConflict
 */
export async function saveChange(
  tx: Queryable,
  edit: Save,
  budget?: MatchingBudget,
  bodyAccess?: BodyAccess,
): Promise<Saving> {
  const given = withIdentifiers(await withSlugs(tx, edit.fields, 'input.'));
  if (edit.kind === 'update') {
    const found = await findTarget(tx, edit.target, 'id');
    return patch(tx, found, given, { prefix: 'input.', budget });
  }
  const { recordType } = edit;
  const existing = await recordWithSlug(tx, recordType, given['slug']);
  if (existing && edit.kind === 'upsert') {
    const name = { id: existing };
    const { expectedRevision } = edit;
    const found = await findTarget(tx, { recordType, name, expectedRevision }, 'input.slug');
    return patch(tx, found, given, { prefix: 'input.', budget });
  }
  if (existing) throw invalid('input.slug', 'DUPLICATE', taken(given['slug']));
  const slug =
    given['slug'] ?? (linkTargetOf(recordType) && (await freeSlug(tx, recordType, given)));
  const fields = slug === undefined ? given : { ...given, slug };
  const { recordChange, known, warnings } = await checked(tx, recordType, fields, undefined, {
    prefix: 'input.',
    budget,
    bodyAccess,
  });
  if (edit.kind === 'create' && isThere(recordChange, known)) {
    throw invalid('input', 'DUPLICATE', 'the record exists already: update it instead');
  }
  if (edit.kind === 'upsert' && edit.expectedRevision !== undefined) {
    const { expectedRevision } = edit;
    const name = { id: recordChange.id };
    if (isThere(recordChange, known)) {
      await findTarget(tx, { recordType, name, expectedRevision }, 'input');
    } else if (expectedRevision > 0) {
      const advice = 'leave expectedRevision out to create it';
      throw new UnknownRecord('input', `no record has a revision ${expectedRevision}: ${advice}`);
    }
  }
  if (edit.isDraft && !isThere(recordChange, known)) recordChange.fields['status'] = 'DRAFT';
  return { recordChange, warnings };
}

/**
 * The change that adds a reference to a record.
 *
 * @throws InvalidEdit that suggests the nearest passage if the quotation is not found
 */
export async function citationChange(
  tx: Queryable,
  fact: CitedFact,
  { article, ...words }: Citation,
  budget?: MatchingBudget,
): Promise<RecordChange> {
  const cited = await withSlugs(tx, { article: 'id' in article ? article : article.slug }, '');
  const citation = Object.fromEntries(
    Object.entries({ ...words, ...cited }).filter(([, value]) => value !== undefined),
  );
  const options: CheckOptions = { prefix: '', pathOf: citedPath, budget };
  if (!('statusId' in fact)) {
    const found = await findTarget(tx, fact, 'target');
    if (found.recordType === 'articles') {
      const message =
        'an article is itself a source and has no references: cite it in another record';
      throw invalid('target', 'WRONG_TYPE', message);
    }
    return (await patch(tx, found, { references: [citation] }, options)).recordChange;
  }
  const office = await officeOf(tx, fact);
  const record = (await selectFields(tx, 'offices', [office.id])).get(office.id);
  const statuses = ((record?.['statuses'] ?? []) as Values[]).map(({ id, ...status }) =>
    id === fact.statusId ? { ...status, references: [citation] } : status,
  );
  return (await patch(tx, office, { statuses }, options)).recordChange;
}

// Private:

const citedPath = (path: string): string => path.replace(/^.*references\[0\]\.?/, '');

/** How issues name fields, and the budget for matching quotations. */
interface CheckOptions {
  prefix: string;
  pathOf?: (path: string) => string;
  budget?: MatchingBudget | undefined;
  /** Of new articles, unless their publisher has a default of its own. */
  bodyAccess?: BodyAccess | undefined;
  /** Of an existing record: the fields that the edit gives. */
  touched?: Values;
}

const taken = (slug: unknown) =>
  `the slug ${JSON.stringify(slug)} is taken: choose another, or change that record with update or upsert`;

/** Updates a record. Fields not given come from the record, since rules look at all of them. */
async function patch(
  tx: Queryable,
  found: FoundRecord,
  given: Values,
  options: CheckOptions,
): Promise<Saving> {
  const { prefix } = options;
  const { recordType, id } = found;
  rejectDeleted(found, prefix === '' ? 'target' : 'id');
  const record = (await selectFields(tx, recordType, [id])).get(id) ?? {};
  const { slug } = record;
  if (given['slug'] !== undefined && given['slug'] !== slug) {
    const message = `a record keeps its slug, ${JSON.stringify(slug)}: leave the field out`;
    throw invalid(`${prefix}slug`, 'IMMUTABLE', message);
  }
  const unchanged = Object.fromEntries(
    Object.entries(record).filter(
      ([name, value]) =>
        name in sections[recordType].shape && value !== null && typeof value !== 'object',
    ),
  );
  return checked(tx, recordType, { ...unchanged, ...given }, id, {
    ...options,
    touched: given,
  });
}

/** Checks a record's form and the rules, and returns its change. */
async function checked(
  tx: Queryable,
  recordType: RecordType,
  fields: Values,
  id: string | undefined,
  { prefix, pathOf = (path) => path, budget, bodyAccess, touched }: CheckOptions,
): Promise<Saving & { known: ExistingRecords }> {
  const issues: EditIssue[] = [];
  const placeOf = (path: Path) => `${prefix}${pathOf(formatPath(path))}`.replace(/\.$/, '');
  const report: Report = ([, , ...path], code, message, { nearest = [], explain } = {}) => {
    // An existing statement may be corrected or cited although its words would not pass today.
    if (isUntouched(recordType, path, touched)) return;
    issues.push({ path: placeOf(path), code, message, nearest, ...(explain && { explain }) });
  };
  const path = [recordType, 0];
  reportUnstorable(fields, path, report);
  const record = checkForm(sections[recordType], fields, path, report);
  // Rules assume records in their form.
  if (issues.length > 0) throw new InvalidEdit(issues);
  const set = { ...emptySet(), [recordType]: [record] } as unknown as RecordSet;
  const known = withoutItself(await selectExisting(tx, set), id);
  const registry = new Registry(set, known);
  const located = await checkRecords(set, known, registry, report, budget);
  if (issues.length > 0) throw new InvalidEdit(issues);
  const accesses = await defaultBodyAccess(tx, set, registry, bodyAccess);
  const [recordChange] = changesOf(set, known, registry, located, accesses);
  if (!recordChange) throw new Error('the record has no change');
  const warnings: EditWarning[] = [];
  await findWarnings(
    tx,
    set,
    registry,
    ([, , ...at], code, message) => void warnings.push({ code, message, path: placeOf(at) }),
  );
  return {
    recordChange: id === undefined ? recordChange : { ...recordChange, id },
    known,
    warnings,
  };
}

/** Whether an edit leaves the words of a statement and their article unchanged. */
const isUntouched = (recordType: RecordType, path: Path, given: Values | undefined): boolean =>
  given !== undefined &&
  recordType === 'statements' &&
  path.length === 1 &&
  path[0] === 'text' &&
  !['text', 'kind', 'article'].some((field) => field in given);

/** Normalizes schemes and values; an editor's identifiers without a source are globally unique. */
function withIdentifiers(fields: Values): Values {
  if (fields['identifiers'] === undefined) return fields;
  const scope = { source: null, trusted: new Set<string>() };
  return { ...fields, identifiers: readIdentifiers(fields['identifiers'], scope, () => {}) };
}

/** Existing facts without the record itself, so that a corrected fact is no duplicate of itself. */
function withoutItself(known: ExistingRecords, id: string | undefined): ExistingRecords {
  if (id === undefined) return known;
  const others = <Fact extends { id: string }>(facts: Fact[]) =>
    facts.filter((fact) => fact.id !== id);
  return {
    ...known,
    positions: others(known.positions),
    memberships: others(known.memberships),
    statements: others(known.statements),
  };
}

const isThere = ({ id }: RecordChange, known: ExistingRecords): boolean =>
  [...known.positions, ...known.memberships, ...known.statements].some((fact) => fact.id === id) ||
  [known.entity, known.article, known.event].some((space) =>
    [...space.values()].some((record) => record.id === id),
  );

function rejectDeleted({ fields }: FoundRecord, path: string): void {
  if (fields['mergedIntoId']) {
    throw invalid(path, 'WRONG_STATE', 'the record was merged into another: change that one');
  }
  if (fields['deletedAt']) {
    throw invalid(path, 'WRONG_STATE', 'the record is deleted: restore it first');
  }
}

const emptySet = () =>
  Object.fromEntries(
    Object.keys(sections).map((recordType): [string, unknown[]] => [recordType, []]),
  );

/** The id of the record that has the slug, among the slugs of its type. */
async function recordWithSlug(
  tx: Queryable,
  recordType: RecordType,
  slug: unknown,
): Promise<string | undefined> {
  const target = linkTargetOf(recordType);
  if (!target || typeof slug !== 'string' || slug.includes('\0')) return undefined;
  const table = { entity, article, event }[spaceOf(target)] as typeof event;
  const [row] = await tx
    .select({ id: coalesce<string>(table.mergedIntoId, table.id) })
    .from(table)
    .where(eq(table.slug, slug));
  return row?.id;
}

async function officeOf(
  tx: Queryable,
  { statusId, expectedRevision }: Extract<CitedFact, { statusId: string }>,
): Promise<FoundRecord> {
  const [row] = await tx
    .select({ id: officeStatus.officeId })
    .from(officeStatus)
    .where(eq(officeStatus.id, statusId));
  if (!row) throw new UnknownRecord('target', 'no status of an office has this id');
  const office = { recordType: 'offices', name: { id: row.id }, expectedRevision } as const;
  return findTarget(tx, office, 'target');
}
