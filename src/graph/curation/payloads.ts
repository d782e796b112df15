/** The payloads and result unions of mutations. */
import type { Change, Difference, EditWarning, Outcome } from '../../knowledge/curation/edit.js';
import { maxListed } from '../../knowledge/curation/outcomes.js';
import type { WarningCode } from '../../knowledge/validation/report.js';
import type { BrokenReference } from '../../knowledge/writing/recheck.js';
import { capitalized, withArticle } from '../../knowledge/values/english.js';
import { builder } from '../builder.js';
import { text } from '../costs.js';
import { AnyRecord, Article, Reference, recordRefs } from '../refs.js';
import { encodeGlobalId } from '../relay/globalId.js';
import { loadRecord } from '../relay/node.js';
import { selectedColumns } from '../relay/selection.js';
import { describedEnum } from '../values/enum.js';
import { editErrors } from './errors.js';
import { type RecordTypeName, recordTypes } from '../../knowledge/model/recordTypes.js';

export interface PayloadShape {
  /** The name of its type: `PersonPayload`. */
  type: string;
  outcome: Outcome;
  changeId: string;
  isDryRun: boolean;
}

/** Of several edits: their payloads in order. */
export interface BatchShape {
  change: Change;
  payloads: PayloadShape[];
  isDryRun: boolean;
}

const MutationAction = describedEnum<Exclude<Outcome['action'], 'ERASED'>>(
  'MutationAction',
  'What a mutation did to a record, or, in a dry run, would do.',
  {
    CREATED: 'It was created.',
    UPDATED: 'It was changed; a reference that is added or withdrawn is a change of its record.',
    UNCHANGED: 'It was as the input says already, and has no new revision.',
    DELETED: 'It was deleted.',
    RESTORED: 'It was restored.',
    PUBLISHED: 'It was a draft and was published.',
    MERGED: 'Another record was merged into it, or it into another.',
    REVERTED: 'It was reverted to an earlier state.',
  },
);

const MutationWarningCode = describedEnum<WarningCode>(
  'MutationWarningCode',
  'The kind of mistake that a warning is about.',
  {
    NAMESAKE: 'Another person has the same name, and may be the same person.',
    SIMILAR_TITLE: 'The title of a position differs from another one only in case and spaces.',
    UNQUOTED: 'A `MIXED` statement has no words between quotation marks.',
    SAID_AFTER_PUBLICATION: 'A statement is dated after the publication of its article.',
    MALFORMED_IDENTIFIER: 'An identifier does not have the form of its scheme.',
    ITEMS_REMOVED: 'A list that was given lacks items that the record had.',
    CONCURRENT_HEADS: 'Two persons head the same organization at the same time.',
    NOT_SEARCHABLE: 'A body has too many different words for search to find all of them.',
    DUPLICATE_DELETED: 'A fact that two merged records both had was deleted.',
    NOT_IN_ARTICLE: 'The article that remains after a merge lacks the words of a statement.',
  },
);

const Warning = builder.objectRef<EditWarning>('MutationWarning').implement({
  description: 'What was carried out, but may be a mistake.',
  fields: (t) => ({
    code: t.expose('code', { type: MutationWarningCode, description: 'The kind of mistake.' }),
    message: t.exposeString('message', { description: 'What may be wrong and how to correct it.' }),
    path: t.exposeString('path', {
      nullable: true,
      description: 'The field of the input. Example: `input.saidOn`. Null for the whole input.',
    }),
  }),
});

const Broken = builder.objectRef<BrokenReference>('BrokenReference').implement({
  description:
    "A quotation or mention that does not occur in an article's new body. Example: `brokenReferences { record { caption } field exact }`.",
  fields: (t) => ({
    reference: t.field({
      type: Reference,
      nullable: true,
      description:
        'The reference, which is not verified any more; null for a mention and for the words of a statement.',
      resolve: ({ referenceId }, _args, context, info) =>
        referenceId === null
          ? null
          : context.knowledge.references.get(context.view, referenceId, selectedColumns(info)),
    }),
    article: t.field({
      type: Article,
      nullable: true,
      description: 'The article; null if it was deleted meanwhile.',
      resolve: ({ articleId }, _args, { knowledge, view }, info) =>
        knowledge.articles.get(view, articleId, selectedColumns(info)),
    }),
    record: t.field({
      type: AnyRecord,
      nullable: true,
      description:
        'The record that cites the article, or the entity that it mentions; null if it is deleted.',
      resolve: ({ recordType, recordId }, _args, context, info) =>
        loadRecord(context, recordTypes[recordType].graphqlName, recordId, info),
    }),
    field: t.exposeString('field', {
      nullable: true,
      description: 'The field that it supports; null for the record as a whole.',
    }),
    exact: t.exposeString('exact', {
      costs: text,
      description: 'The words that no longer occur.',
    }),
    message: t.exposeString('message', { description: 'The same in a sentence.' }),
  }),
});

const DifferenceType = builder.objectRef<Difference>('MergeDifference').implement({
  description: 'A field in which two records that were merged differed.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The name.' }),
    kept: t.expose('kept', {
      type: 'JSON',
      nullable: true,
      description: 'The value of the record that remains; null if it has none.',
    }),
    dropped: t.expose('dropped', {
      type: 'JSON',
      nullable: true,
      description:
        'The value of the record that was merged, which its history keeps; null if it had none.',
    }),
  }),
});

const globalChangeId = (id: string): string => encodeGlobalId('Change', id);

const changeIdField = {
  description: 'The id of the change, for `undo`. In a dry run there is no such change afterwards.',
};

const dryRunField = {
  description: 'Whether this was a dry run: everything was checked, and nothing was changed.',
};

const recordField = {
  type: AnyRecord,
  nullable: true,
  description:
    'The record after the mutation; null if it is deleted. In a dry run, the record as it is; null if it would be created.',
} as const;

const MutationPayload = builder.interfaceRef<PayloadShape>('MutationPayload').implement({
  description: 'The result of a mutation that was carried out.',
  resolveType: ({ type }) => type,
  fields: (t) => ({
    changeId: t.id({ ...changeIdField, resolve: ({ changeId }) => globalChangeId(changeId) }),
    isDryRun: t.exposeBoolean('isDryRun', dryRunField),
    action: t.field({
      type: MutationAction,
      description: 'What was done to the record.',
      resolve: ({ outcome: { action } }) => action as Exclude<typeof action, 'ERASED'>,
    }),
    record: t.field({
      ...recordField,
      resolve: ({ outcome: { recordType, id } }, _args, context, info) =>
        loadRecord(context, recordTypes[recordType].graphqlName, id, info),
    }),
    revision: t.int({
      description:
        "The number of the record's last revision, for `expectedRevision`. In a dry run the present one; 0 if the record would be created.",
      resolve: ({ outcome }, _args, { knowledge, view }) =>
        knowledge.revisionNumbers.of(view, outcome.id),
    }),
    brokenReferences: t.field({
      type: [Broken],
      description: "Quotations and mentions that do not occur in an article's new body.",
      resolve: ({ outcome }) => outcome.broken,
    }),
    warnings: t.field({
      type: [Warning],
      description: 'What was carried out but may be a mistake.',
      resolve: ({ outcome }) => outcome.warnings,
    }),
  }),
});

const RecordPayload = builder.objectRef<PayloadShape>('RecordPayload').implement({
  description: 'A record was changed.',
  interfaces: [MutationPayload],
});

const MergePayload = builder.objectRef<PayloadShape>('MergePayload').implement({
  description: 'Two records were merged. `record` is the one that remains.',
  interfaces: [MutationPayload],
  fields: (t) => ({
    differences: t.field({
      type: [DifferenceType],
      description:
        'The fields in which the two records differed; the values of the record that remains were kept.',
      resolve: ({ outcome }) => outcome.differences,
    }),
  }),
});

const BatchPayload = builder.objectRef<BatchShape>('BatchPayload').implement({
  description: 'Several records were changed in one transaction.',
  fields: (t) => ({
    changeId: t.id({
      ...changeIdField,
      resolve: ({ change }) => globalChangeId(change.changeId),
    }),
    isDryRun: t.exposeBoolean('isDryRun', dryRunField),
    payloads: t.field({
      type: [MutationPayload],
      description:
        'The result of each operation, in their order, in the type of its mutation: `PersonPayload` …',
      resolve: ({ payloads }) => payloads,
    }),
  }),
});

const UndoPayload = builder.objectRef<PayloadShape>('UndoPayload').implement({
  description: 'A change was undone, in all records that it had changed.',
  fields: (t) => ({
    changeId: t.id({
      description: 'The id of the change that undoes the other one; it can be undone as well.',
      resolve: ({ changeId }) => globalChangeId(changeId),
    }),
    isDryRun: t.exposeBoolean('isDryRun', dryRunField),
    recordCount: t.int({
      description: 'The number of records that were changed.',
      resolve: ({ outcome }) => outcome.undone?.count ?? 0,
    }),
    payloads: t.field({
      type: [RecordPayload],
      description: `The records that were changed, the first ${maxListed}.`,
      resolve: ({ outcome, ...shape }) =>
        (outcome.undone?.records ?? []).map((record): PayloadShape => ({
          ...shape,
          type: 'RecordPayload',
          outcome: { ...record, broken: [], warnings: [], differences: [] },
        })),
    }),
    brokenReferences: t.field({
      type: [Broken],
      description: "Quotations and mentions that do not occur in an article's body as it is again.",
      resolve: ({ outcome }) => outcome.broken,
    }),
    warnings: t.field({
      type: [Warning],
      description: 'What was carried out but may be a mistake.',
      resolve: ({ outcome }) => outcome.warnings,
    }),
  }),
});

const resultOf = (payload: string, ref: typeof RecordPayload) =>
  builder.errorUnion(payload.replace(/Payload$/, 'Result'), {
    description: 'The result of a mutation: its payload, or the reason why it was not carried out.',
    types: [ref, ...editErrors],
    resolveType: () => payload,
  });

const payloadOf = (type: RecordTypeName, singular: string) =>
  builder.objectRef<PayloadShape>(`${type}Payload`).implement({
    description: `${capitalized(withArticle(singular))} was created or changed.`,
    interfaces: [MutationPayload],
    fields: (t) => ({
      [singular]: t.field({
        ...recordField,
        type: recordRefs[type] as unknown as typeof AnyRecord,
        description: 'The same as `record`; null where that is null.',
        resolve: ({ outcome: { id } }, _args, context, info) => loadRecord(context, type, id, info),
      }),
    }),
  });

/** The result unions of record types: `PersonResult` … */
export const recordResults = Object.fromEntries(
  Object.values(recordTypes).map(({ graphqlName, singular }) => [
    graphqlName,
    resultOf(`${graphqlName}Payload`, payloadOf(graphqlName, singular)),
  ]),
) as Record<RecordTypeName, ReturnType<typeof resultOf>>;

export const RecordResult = resultOf('RecordPayload', RecordPayload);
export const MergeResult = resultOf('MergePayload', MergePayload);
export const UndoResult = resultOf('UndoPayload', UndoPayload);
export const BatchResult = builder.errorUnion('BatchResult', {
  description: 'The result of a batch: all operations were carried out, or none and why.',
  types: [BatchPayload, ...editErrors],
  resolveType: () => 'BatchPayload',
});
