/** From the arguments of a mutation to the edit that curation carries out. */
import type { CurateOptions } from '../../knowledge/curation/curate.js';
import type { Edit, EditWarning } from '../../knowledge/curation/edit.js';
import { writeAuthor, type Author } from '../../knowledge/auth/author.js';
import type { GraphContext } from '../context.js';
import { completed } from './errors.js';
import { keyOf, linked, target } from './names.js';
import type { BatchShape, PayloadShape } from './payloads.js';
import { inputPath, recordFields } from './recordFields.js';
import { looksLikeGlobalId, parseGlobalId } from '../relay/globalId.js';
import type { Values } from '../../knowledge/model/recordLists.js';
import {
  type RecordTypeName,
  recordTypeByName,
  recordTypes,
} from '../../knowledge/model/recordTypes.js';
import {
  EditError,
  InvalidEdit,
  UnknownRecord,
  invalid,
} from '../../knowledge/validation/editErrors.js';

export interface ChangeArgs {
  reason?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
  dryRun?: boolean | null | undefined;
}

/** An edit as a mutation or an operation of a batch writes it. */
export interface PreparedEdit {
  edit: Edit;
  /** The path of an issue as the client wrote it. Default: the same. */
  pathOf?: (path: string) => string;
}

/** Makes a change of one edit. */
export async function changeOne(
  context: GraphContext,
  edit: PreparedEdit,
  args: ChangeArgs,
): Promise<PayloadShape> {
  const { payloads } = await changeAll(context, [edit], args);
  const [payload] = payloads;
  if (!payload) throw new Error('an edit has an outcome');
  return payload;
}

/** Makes a change of several edits: all of them or none. */
export async function changeAll(
  context: GraphContext,
  edits: readonly PreparedEdit[],
  args: ChangeArgs,
): Promise<BatchShape> {
  const isDryRun = args.dryRun ?? false;
  const curated = context.curate(
    edits.map(({ edit }) => edit),
    author(context, args.reason),
    optionsOf(context, args),
  );
  try {
    const change = await completed(curated);
    const { changeId, outcomes } = change;
    const payloads = outcomes.map((outcome, i): PayloadShape => ({
      type: payloadTypeOf(edits[i]?.edit),
      outcome: { ...outcome, warnings: renamedWarnings(outcome.warnings, edits[i]?.pathOf) },
      changeId,
      isDryRun,
    }));
    return { change, payloads, isDryRun };
  } catch (error) {
    throw error instanceof EditError ? renamed(error, edits[error.index]?.pathOf) : error;
  }
}

/** The error with the paths that the client wrote. */
export function renamed(
  error: EditError,
  pathOf: (path: string) => string = (path) => path,
): EditError {
  const { index } = error;
  if (error instanceof InvalidEdit) {
    const issues = error.issues.map((issue) => ({ ...issue, path: pathOf(issue.path) }));
    return Object.assign(new InvalidEdit(issues), { index });
  }
  if (!(error instanceof UnknownRecord)) return error;
  return Object.assign(new UnknownRecord(pathOf(error.path), error.message), { index });
}

export function creation(
  kind: 'create' | 'upsert',
  type: RecordTypeName,
  input: Values,
  publicationStatus: 'DRAFT' | 'PUBLISHED' | null | undefined,
  expectedRevision?: number | null,
): PreparedEdit {
  const recordType = recordTypeByName[type];
  const fields = withoutNull(recordFields(recordType, input), kind === 'create');
  const revision = typeof expectedRevision === 'number' ? { expectedRevision } : {};
  return {
    edit: { kind, recordType, fields, isDraft: publicationStatus === 'DRAFT', ...revision },
    pathOf: (path) => inputPath(path, input),
  };
}

export function update(
  type: RecordTypeName,
  id: string,
  input: Values,
  expectedRevision?: number | null,
): PreparedEdit {
  const recordType = recordTypeByName[type];
  const record = target(id, 'id', recordType, expectedRevision);
  return {
    edit: { kind: 'update', target: record, fields: recordFields(recordType, input) },
    pathOf: (path) => inputPath(path, input),
  };
}

export type LifecycleKind = 'delete' | 'reject' | 'restore' | 'publish';

export const lifecycleEdit = (
  kind: LifecycleKind,
  id: string,
  expectedRevision?: number | null,
): PreparedEdit => ({
  edit: { kind, target: target(id, 'id', undefined, expectedRevision) },
});

export interface CiteArgs {
  target: string;
  article: string;
  exact?: string | null | undefined;
  prefix?: string | null | undefined;
  suffix?: string | null | undefined;
  field?: string | null | undefined;
}

export function citation(
  { target: id, article, exact, ...words }: CiteArgs,
  expectedRevision?: number | null,
): PreparedEdit {
  const isStatus = looksLikeGlobalId(id) && parseGlobalId(id)?.type === 'DatedOfficeStatus';
  const fact = isStatus
    ? {
        statusId: keyOf(id, 'input.target', 'DatedOfficeStatus'),
        expectedRevision: expectedRevision ?? undefined,
      }
    : target(id, 'input.target', undefined, expectedRevision);
  const cited = linked(article, 'input.article', ['ARTICLE']);
  return {
    edit: { kind: 'cite', fact, citation: { article: cited, exact: exact ?? undefined, ...words } },
    pathOf: (path) => (isOfChange(path) || path === '' ? path : `input.${path}`),
  };
}

export const withdrawal = (id: string): PreparedEdit => ({
  edit: { kind: 'withdraw', referenceId: keyOf(id, 'id', 'Reference') },
});

export const merging = (from: string, into: string): PreparedEdit => ({
  edit: { kind: 'merge', from: target(from, 'from'), into: target(into, 'into') },
});

export const reversion = (
  id: string,
  to: number,
  expectedRevision?: number | null,
): PreparedEdit => ({
  edit: { kind: 'revert', target: target(id, 'id', undefined, expectedRevision), to },
});

export const undoing = (changeId: string): PreparedEdit => ({
  edit: { kind: 'undo', changeId: keyOf(changeId, 'changeId', 'Change') },
});

/** Whether a path is an argument of the change, not of one of its edits. */
export const isOfChange = (path: string): boolean => path === 'reason' || path === 'idempotencyKey';

// Private:

function payloadTypeOf(edit: Edit | undefined): string {
  if (edit?.kind === 'merge') return 'MergePayload';
  if (edit?.kind === 'create' || edit?.kind === 'upsert') {
    return `${recordTypes[edit.recordType].graphqlName}Payload`;
  }
  if (edit?.kind === 'update' && edit.target.recordType) {
    return `${recordTypes[edit.target.recordType].graphqlName}Payload`;
  }
  return 'RecordPayload';
}

const renamedWarnings = (
  warnings: readonly EditWarning[],
  pathOf: PreparedEdit['pathOf'] = (path) => path,
): EditWarning[] =>
  warnings.map((warning) => ({
    ...warning,
    path: warning.path === null ? null : pathOf(warning.path),
  }));

/** In a new record null means the same as an omitted field. */
const withoutNull = (fields: Values, isNew: boolean): Values =>
  isNew ? Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) : fields;

function author({ identity }: GraphContext, reason: string | null | undefined): Author {
  if (!identity) throw new Error('a change has an author');
  return { ...writeAuthor(identity), reason: reason ?? null };
}

const optionsOf = (context: GraphContext, args: ChangeArgs): CurateOptions => ({
  ...keyOption(args),
  dryRun: args.dryRun ?? false,
  signal: context.abortSignal,
});

function keyOption({ idempotencyKey: key }: ChangeArgs) {
  if (key === null || key === undefined) return {};
  if (key === '' || key.length > 200 || key.includes('\0')) {
    throw invalid('idempotencyKey', 'INVALID_VALUE', 'must be 1 to 200 characters');
  }
  return { idempotencyKey: key };
}
