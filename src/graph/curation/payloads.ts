/** What mutations answer. */
import type { Change } from '../../knowledge/curation/curate.js';
import type { Difference, Outcome } from '../../knowledge/curation/edit.js';
import type { BrokenReference } from '../../knowledge/writing/recheck.js';
import { capitalized, withArticle, wordsOf } from '../../knowledge/values/english.js';
import { builder } from '../builder.js';
import { text } from '../costs.js';
import { Node, recordRefs } from '../refs.js';
import { loadNode } from '../relay/node.js';
import { selectedColumns } from '../relay/selection.js';
import { ConflictError, NotFoundError, ValidationError } from './errors.js';
import { type RecordTypeName, recordTypes } from '../../knowledge/model/recordTypes.js';

export interface PayloadShape {
  __typename: string;
  outcome: Outcome;
  changeId: string;
}

export interface ChangePayloadShape {
  __typename: 'ChangePayload';
  change: Change;
}

const Broken = builder.objectRef<BrokenReference>('BrokenReference').implement({
  description: "A quotation or mention that is not in an article's new body.",
  fields: (t) => ({
    article: t.exposeString('article', { description: 'The slug of the article.' }),
    record: t.exposeString('record', {
      description: "What rests on it: a slug, or a statement's first words.",
    }),
    field: t.exposeString('field', {
      nullable: true,
      description: 'The field that it supports; null: the record as such.',
    }),
    exact: t.exposeString('exact', {
      costs: text,
      description: 'The words that are not there any more.',
    }),
    message: t.exposeString('message', { description: 'All this in a sentence.' }),
  }),
});

const DifferenceType = builder.objectRef<Difference>('MergeDifference').implement({
  description: 'A field in which two records that were merged differed.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'Its name.' }),
    kept: t.expose('kept', {
      type: 'JSON',
      nullable: true,
      description: 'What the record that stayed has; null where nothing.',
    }),
    dropped: t.expose('dropped', {
      type: 'JSON',
      nullable: true,
      description: 'What the record that went had; its history keeps it. Null where nothing.',
    }),
  }),
});

const MutationPayload = builder.interfaceRef<PayloadShape>('MutationPayload').implement({
  description: 'What a mutation did.',
  resolveType: ({ __typename }) => __typename,
  fields: (t) => ({
    changeId: t.exposeID('changeId', { description: 'What `undo` takes.' }),
    revision: t.int({
      description: "The number of the record's last revision, for `expectedRevision`.",
      resolve: ({ outcome }, _args, { knowledge, view }) =>
        knowledge.revisionNumbers.of(view, outcome.id),
    }),
    broken: t.field({
      type: [Broken],
      description: "Quotations and mentions that do not hold in an article's new body.",
      resolve: ({ outcome }) => outcome.broken,
    }),
    warnings: t.stringList({
      description: 'What was done, but may be a mistake.',
      resolve: ({ outcome }) => outcome.warnings,
    }),
  }),
});

const payloadOf = (name: string, field: string, ref: typeof Node, description: string) =>
  builder.objectRef<PayloadShape>(name).implement({
    description,
    interfaces: [MutationPayload],
    fields: (t) => ({
      [field]: t.field({
        type: ref,
        nullable: true,
        description: 'The record as it is now; null where it is deleted.',
        resolve: ({ outcome: { recordType, id } }, _args, context, info) =>
          loadNode(context, recordTypes[recordType].graphqlName, id, selectedColumns(info)),
      }),
    }),
  });

const RecordPayload = payloadOf('RecordPayload', 'record', Node, 'A record was changed.');

const MergePayload = builder.objectRef<PayloadShape>('MergePayload').implement({
  description: 'Two records were merged.',
  interfaces: [MutationPayload],
  fields: (t) => ({
    record: t.field({
      type: Node,
      nullable: true,
      description: 'The record that stayed; null where it was deleted meanwhile.',
      resolve: ({ outcome: { recordType, id } }, _args, context, info) =>
        loadNode(context, recordTypes[recordType].graphqlName, id, selectedColumns(info)),
    }),
    differences: t.field({
      type: [DifferenceType],
      description: 'What the two said differently; what the record that stayed said was kept.',
      resolve: ({ outcome }) => outcome.differences,
    }),
  }),
});

const ChangePayload = builder.objectRef<ChangePayloadShape>('ChangePayload').implement({
  description: 'Several records were changed in one transaction.',
  fields: (t) => ({
    changeId: t.id({
      description: 'What `undo` takes.',
      resolve: ({ change }) => change.changeId,
    }),
    payloads: t.field({
      type: [MutationPayload],
      description: 'What each operation did, in their order.',
      resolve: ({ change: { changeId, outcomes } }) =>
        outcomes.map((outcome) => ({ __typename: 'RecordPayload', outcome, changeId })),
    }),
  }),
});

const failures = [ValidationError, ConflictError, NotFoundError] as const;

const resultOf = (name: string, payload: typeof RecordPayload) =>
  builder.unionType(name, {
    description: 'What came of a mutation: its payload, or why it was not carried out.',
    types: [payload, ...failures],
    resolveType: ({ __typename }) => __typename as 'RecordPayload',
  });

/** `PersonResult` and the like. */
export const recordResults = Object.fromEntries(
  Object.values(recordTypes).map(({ graphqlName, singular }) => [
    graphqlName,
    resultOf(
      `${graphqlName}Result`,
      payloadOf(
        `${graphqlName}Payload`,
        singular,
        recordRefs[graphqlName] as unknown as typeof Node,
        `${capitalized(withArticle(singular))} was made or changed.`,
      ),
    ),
  ]),
) as Record<RecordTypeName, ReturnType<typeof resultOf>>;

export const RecordResult = resultOf('RecordResult', RecordPayload);
export const MergeResult = resultOf('MergeResult', MergePayload);
export const ChangeResult = builder.unionType('ChangeResult', {
  description: 'What came of several changes: all were made, or none and why.',
  types: [ChangePayload, ...failures],
  resolveType: ({ __typename }) => __typename as 'ChangePayload',
});
