/** The payloads and result unions of mutations. */
import type { Change } from '../../knowledge/curation/curate.js';
import type { Difference, Outcome } from '../../knowledge/curation/edit.js';
import type { BrokenReference } from '../../knowledge/writing/recheck.js';
import { capitalized, withArticle } from '../../knowledge/values/english.js';
import { builder } from '../builder.js';
import { text } from '../costs.js';
import { AnyRecord, recordRefs } from '../refs.js';
import { loadRecord } from '../relay/node.js';
import { editErrors } from './errors.js';
import { type RecordTypeName, recordTypes } from '../../knowledge/model/recordTypes.js';

export interface PayloadShape {
  outcome: Outcome;
  changeId: string;
}

const Broken = builder.objectRef<BrokenReference>('BrokenReference').implement({
  description: "A quotation or mention that does not occur in an article's new body.",
  fields: (t) => ({
    article: t.exposeString('article', { description: 'The slug of the article.' }),
    record: t.exposeString('record', {
      description: 'The record that cites it: its slug, or the first words of a statement.',
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

const MutationPayload = builder.interfaceRef<PayloadShape>('MutationPayload').implement({
  description: 'The result of a mutation that was carried out.',
  // Only a batch has payloads of this type; other fields name the type of theirs.
  resolveType: () => 'RecordPayload',
  fields: (t) => ({
    changeId: t.exposeID('changeId', { description: 'The id of the change, for `undo`.' }),
    revision: t.int({
      description: "The number of the record's last revision, for `expectedRevision`.",
      resolve: ({ outcome }, _args, { knowledge, view }) =>
        knowledge.revisionNumbers.of(view, outcome.id),
    }),
    broken: t.field({
      type: [Broken],
      description: "Quotations and mentions that do not occur in an article's new body.",
      resolve: ({ outcome }) => outcome.broken,
    }),
    warnings: t.stringList({
      description: 'Warnings about what was carried out but may be a mistake.',
      resolve: ({ outcome }) => outcome.warnings,
    }),
  }),
});

const payloadOf = (name: string, field: string, ref: typeof AnyRecord, description: string) =>
  builder.objectRef<PayloadShape>(name).implement({
    description,
    interfaces: [MutationPayload],
    fields: (t) => ({
      [field]: t.field({
        type: ref,
        nullable: true,
        description: 'The record after the mutation; null if it is deleted.',
        resolve: ({ outcome: { recordType, id } }, _args, context, info) =>
          loadRecord(context, recordTypes[recordType].graphqlName, id, info),
      }),
    }),
  });

const RecordPayload = payloadOf('RecordPayload', 'record', AnyRecord, 'A record was changed.');

const MergePayload = builder.objectRef<PayloadShape>('MergePayload').implement({
  description: 'Two records were merged.',
  interfaces: [MutationPayload],
  fields: (t) => ({
    record: t.field({
      type: AnyRecord,
      nullable: true,
      description: 'The record that remains; null if it was deleted meanwhile.',
      resolve: ({ outcome: { recordType, id } }, _args, context, info) =>
        loadRecord(context, recordTypes[recordType].graphqlName, id, info),
    }),
    differences: t.field({
      type: [DifferenceType],
      description:
        'The fields in which the two records differed; the values of the record that remains were kept.',
      resolve: ({ outcome }) => outcome.differences,
    }),
  }),
});

const ChangePayload = builder.objectRef<Change>('ChangePayload').implement({
  description: 'Several records were changed in one transaction.',
  fields: (t) => ({
    changeId: t.exposeID('changeId', { description: 'The id of the change, for `undo`.' }),
    payloads: t.field({
      type: [MutationPayload],
      description: 'The result of each operation, in their order.',
      resolve: ({ changeId, outcomes }) => outcomes.map((outcome) => ({ outcome, changeId })),
    }),
  }),
});

const resultOf = (payload: string, ref: typeof RecordPayload) =>
  builder.errorUnion(payload.replace(/Payload$/, 'Result'), {
    description: 'The result of a mutation: its payload, or the reason why it was not carried out.',
    types: [ref, ...editErrors],
    resolveType: () => payload,
  });

/** The result unions of record types: `PersonResult` … */
export const recordResults = Object.fromEntries(
  Object.values(recordTypes).map(({ graphqlName, singular }) => [
    graphqlName,
    resultOf(
      `${graphqlName}Payload`,
      payloadOf(
        `${graphqlName}Payload`,
        singular,
        recordRefs[graphqlName] as unknown as typeof AnyRecord,
        `${capitalized(withArticle(singular))} was created or changed.`,
      ),
    ),
  ]),
) as Record<RecordTypeName, ReturnType<typeof resultOf>>;

export const RecordResult = resultOf('RecordPayload', RecordPayload);
export const MergeResult = resultOf('MergePayload', MergePayload);
export const ChangeResult = builder.errorUnion('ChangeResult', {
  description: 'The result of a batch: all operations were carried out, or none and why.',
  types: [ChangePayload, ...editErrors],
  resolveType: () => 'ChangePayload',
});
