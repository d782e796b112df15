/** From the arguments of a mutation to the edit that curation carries out. */
import type { Change, CurateOptions } from '../../knowledge/curation/curate.js';
import type { Edit } from '../../knowledge/curation/edit.js';
import { writeAuthor, type Author } from '../../knowledge/auth/author.js';
import type { GraphContext } from '../context.js';
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import { badInput } from '../errors.js';
import { decodeGlobalId } from '../relay/globalId.js';
import { completed } from './errors.js';
import type { PayloadShape } from './payloads.js';
import { link, recordFields } from './recordFields.js';
import { target } from './arguments.js';
import type { Values } from '../../knowledge/model/recordLists.js';
import { type RecordTypeName, recordTypeByName } from '../../knowledge/model/recordTypes.js';

export interface ChangeArgs {
  reason?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
}

/** Makes a change of one edit. */
export async function changeOne(
  context: GraphContext,
  edit: Edit,
  args: ChangeArgs,
): Promise<PayloadShape> {
  const { changeId, outcomes } = await changeAll(context, [edit], args);
  const [outcome] = outcomes;
  if (!outcome) throw new Error('an edit has an outcome');
  return { outcome, changeId };
}

/** Makes a change of several edits: all of them or none. */
export const changeAll = (
  context: GraphContext,
  edits: readonly Edit[],
  args: ChangeArgs,
): Promise<Change> =>
  completed(context.curate(edits, author(context, args.reason), optionsOf(context, args)));

export const expected = (revision: number | null | undefined) =>
  typeof revision === 'number' ? { expectedRevision: revision } : {};

export const creation = (
  kind: 'create' | 'upsert',
  type: RecordTypeName,
  input: Values,
  isDraft: boolean | null | undefined,
): Extract<Edit, { kind: 'create' | 'upsert' }> => ({
  kind,
  recordType: recordTypeByName[type],
  fields: withoutNull(recordFields(type, input), kind === 'create'),
  isDraft: isDraft ?? false,
});

export function change(
  type: RecordTypeName,
  id: string,
  input: Values,
  expectedRevision?: number | null,
): Edit {
  const record = target(id, 'id', expectedRevision);
  if (record.recordType !== recordTypeByName[type]) {
    throw badInput('id', `must be the id of ${withArticle(wordsOf(type))}`);
  }
  return { kind: 'update', target: record, fields: recordFields(type, input) };
}

export const lifecycleEdit = (
  kind: string,
  id: string,
  expectedRevision?: number | null,
): Edit => ({
  kind: kind as 'delete',
  target: target(id, 'id', expectedRevision),
});

export interface CiteArgs {
  target: string;
  article: string;
  exact?: string | null | undefined;
  prefix?: string | null | undefined;
  suffix?: string | null | undefined;
  field?: string | null | undefined;
  expectedRevision?: number | null | undefined;
}

export function citation({
  target: targetId,
  article,
  exact,
  expectedRevision,
  ...words
}: CiteArgs): Edit {
  const { type, id } = decodeGlobalId(targetId, 'target');
  const fact =
    type === 'DatedOfficeStatus' ? { statusId: id } : target(targetId, 'target', expectedRevision);
  const named = link(article);
  const name = typeof named === 'string' ? { slug: named } : (named as { id: string });
  return { kind: 'cite', fact, citation: { article: name, exact: exact ?? undefined, ...words } };
}

export function withdrawal(id: string): Edit {
  const { type, id: key } = decodeGlobalId(id, 'id');
  if (type !== 'Reference') throw badInput('id', 'must be the id of a reference');
  return { kind: 'withdraw', referenceId: key };
}

export const merging = (from: string, into: string): Edit => ({
  kind: 'merge',
  from: target(from, 'from'),
  into: target(into, 'into'),
});

// Private:

/** In a new record null means the same as an omitted field. */
const withoutNull = (fields: Values, isNew: boolean): Values =>
  isNew ? Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) : fields;

function author({ identity }: GraphContext, reason: string | null | undefined): Author {
  if (!identity) throw new Error('a change has an author');
  return { ...writeAuthor(identity), reason: reason ?? null };
}

const optionsOf = (context: GraphContext, args: ChangeArgs): CurateOptions => ({
  ...keyOf(args),
  signal: context.abortSignal,
});

function keyOf({ idempotencyKey: key }: ChangeArgs) {
  if (key === null || key === undefined) return {};
  if (key === '' || key.length > 200 || key.includes('\0')) {
    throw badInput('idempotencyKey', 'must be 1 to 200 characters');
  }
  return { idempotencyKey: key };
}
