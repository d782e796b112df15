/** Erasure: what is erased, where else it is mentioned, and the tombstone that remains. */
import {
  placeKinds,
  type ErasablePlace,
  type Place,
  type PlaceKind,
} from '../../knowledge/erasure/places.js';
import type { ErasureReason, Tombstone } from '../../knowledge/erasure/tombstones.js';
import { builder } from '../builder.js';
import { invalid } from '../../knowledge/validation/editErrors.js';
import { decodeGlobalId, encodeGlobalId } from '../relay/globalId.js';
import { describedEnum } from '../values/enum.js';
import { idArg } from './arguments.js';
import { changeOne } from './edits.js';
import { completed, editErrors } from './errors.js';
import { RecordTypeRef } from '../record.js';
import { target } from './names.js';
import {
  recordTypeByEnum,
  recordTypes,
  type RecordTypeEnum,
  type RecordTypeName,
} from '../../knowledge/model/recordTypes.js';
import type { Erasure, ErasureRequest } from '../../knowledge/erasure/erasure.js';

const Reason = describedEnum<ErasureReason>(
  'ErasureReason',
  'The reason of an erasure. There is no free text, which might repeat what was erased.',
  {
    PERSONAL_DATA: 'A data subject requested it, or data protection law requires it.',
    COURT_ORDER: 'A court or an authority ordered it.',
    COPYRIGHT: 'There is no right to hold the text.',
    SECURITY: 'It endangers a person, or is secret.',
    ERROR: 'It was added by mistake.',
    OTHER: 'Another reason.',
  },
);

const erasable: Record<ErasablePlace, string> = {
  STATEMENTS: 'Statements about it, addressed to it, made on its behalf or reported by it.',
  PASSAGES: 'Passages that support other records and contain its names.',
  BODIES:
    'Bodies of articles that contain its names, with the passages quoted from there; also former bodies.',
  TEXTS:
    'Other texts of other records that contain its names: names, titles, descriptions, statements; also former texts.',
  REVISIONS:
    'Revisions of other records that contain its names: former and new values, and reasons.',
};

const ErasablePlaceEnum = describedEnum<ErasablePlace>(
  'ErasablePlace',
  'Where else an erased record may be mentioned and can be erased as well. Statements are erased as a whole; in texts the names are redacted.',
  erasable,
);

const PlaceKindEnum = describedEnum<PlaceKind>(
  'ErasurePlaceKind',
  'Where else an erased record may be mentioned.',
  {
    ...erasable,
    SLUGS: 'The slug of another record, which only an erasure of that record removes.',
  },
);

const PlaceType = builder.objectRef<Place>('ErasurePlace').implement({
  description: 'A place where a record that was or would be erased is mentioned.',
  fields: (t) => ({
    kind: t.expose('kind', { type: PlaceKindEnum, description: 'The kind of place.' }),
    recordType: t.field({
      type: RecordTypeRef,
      nullable: true,
      description: 'The type of the record that contains it; null if none does.',
      resolve: ({ recordType }) => recordType && recordTypes[recordType].graphqlName,
    }),
    recordId: t.id({
      nullable: true,
      description: 'The id of that record; null if there is none.',
      resolve: ({ recordType, recordId }) =>
        recordType && recordId
          ? encodeGlobalId(recordTypes[recordType].graphqlName, recordId)
          : null,
    }),
    slug: t.exposeString('slug', {
      nullable: true,
      description: 'The slug of that record; null for facts, and if there is no record.',
    }),
    field: t.string({
      description: 'The table and column of the database. Example: `article_body.text`.',
      resolve: ({ column }) => column,
    }),
    isPast: t.exposeBoolean('isPast', {
      description: 'Whether it is in a former value only, which `@asKnownAt` reads.',
    }),
    occurrences: t.exposeInt('occurrences', {
      description: 'How often the names of the erased record occur.',
    }),
    excerpt: t.exposeString('excerpt', {
      description: 'The words in their context; empty after an erasure.',
    }),
  }),
});

const PlaceCount = builder.objectRef<{ kind: PlaceKind; count: number }>('ErasurePlaceCount');
PlaceCount.implement({
  description: 'The number of places of a kind.',
  fields: (t) => ({
    kind: t.expose('kind', { type: PlaceKindEnum, description: 'The kind.' }),
    count: t.exposeInt('count', { description: 'The number.' }),
  }),
});

const RecordCount = builder.objectRef<{ type: RecordTypeName; count: number }>(
  'ErasureRecordCount',
);
RecordCount.implement({
  description: 'The number of records of a type.',
  fields: (t) => ({
    recordType: t.expose('type', { type: RecordTypeRef, description: 'The type.' }),
    count: t.exposeInt('count', { description: 'The number.' }),
  }),
});

interface ErasureShape {
  erasure: Erasure;
  changeId: string | null;
}

const ErasurePayload = builder.objectRef<ErasureShape>('ErasurePayload').implement({
  description: 'The records that were erased or, in a dry run, would be.',
  fields: (t) => ({
    isDryRun: t.boolean({
      description: 'Whether this was a dry run, which changes nothing.',
      resolve: ({ changeId }) => changeId === null,
    }),
    reason: t.field({
      type: Reason,
      description: 'The reason of the erasure.',
      resolve: ({ erasure }) => erasure.reason,
    }),
    records: t.field({
      type: [RecordCount],
      description:
        'The record, and those that depend on it: positions, memberships, its statements, offices.',
      resolve: ({ erasure }) =>
        Object.values(recordTypes).flatMap(({ enumValue, graphqlName }) => {
          const count = erasure.records[enumValue];
          return count === undefined ? [] : [{ type: graphqlName, count }];
        }),
    }),
    places: t.field({
      type: [PlaceType],
      description:
        'Where else the record is mentioned: in a dry run all such places, otherwise those that remain; the first 1,000. `left` counts all.',
      resolve: ({ erasure }) => erasure.places,
    }),
    left: t.field({
      type: [PlaceCount],
      description:
        'The number of places of each kind that mention the record: those that remain because `also` did not name them; in a dry run all.',
      resolve: ({ erasure }) => placeKinds.map((kind) => ({ kind, count: erasure.counts[kind] })),
    }),
  }),
});

const ErasureResult = builder.errorUnion('ErasureResult', {
  description: 'The result of an erasure: its payload, or the reason why it was not carried out.',
  types: [ErasurePayload, ...editErrors],
  resolveType: () => 'ErasurePayload',
});

/** All texts are scanned, former values included, also in a dry run. */
const eraseWeight = 1000;

const maxWords = 50;
const maxWordLength = 200;

builder.mutationField('erase', (t) =>
  t.field({
    type: ErasureResult,
    costs: { weight: eraseWeight },
    description:
      'Erases a record permanently, with its history and all records that depend on it; a tombstone remains. An erasure cannot be undone: use `dryRun: true` first. For admins.',
    authScopes: { admin: true },
    args: {
      ...idArg('The record, by id or slug.'),
      reason: t.arg({ type: Reason, required: true, description: 'The reason.' }),
      dryRun: t.arg.boolean({
        defaultValue: false,
        description:
          'Whether to only report what would be erased, and where else the record is mentioned.',
      }),
      also: t.arg({
        type: [ErasablePlaceEnum],
        description:
          'Other places that mention the record and are erased as well. Default: none; `left` counts those that remain.',
      }),
      formerValuesOf: t.arg.string({
        description:
          'A field, as named in the history, or `body`: only its former values are erased, and the record remains. Without it the whole record is erased.',
      }),
      words: t.arg.stringList({
        description: `Words that identify the record in addition to its names, slug and identifiers, such as a surname; at most ${maxWords}.`,
      }),
      idempotencyKey: t.arg.string({
        description:
          'A key that the client chooses, at most 200 characters: a mutation sent again with the same key returns the first result and is not carried out again. Keys are kept for a day.',
      }),
    },
    resolve: async (
      _root,
      { id, reason, dryRun, also, words, formerValuesOf, ...args },
      context,
    ) => {
      const request: ErasureRequest = {
        target: target(id, 'id'),
        reason,
        also: also ?? [],
        words: checkedWords(words ?? []),
        former: formerValuesOf ?? undefined,
      };
      if (dryRun) {
        const preview = context.previewErasure(request, context.abortSignal);
        return { erasure: await completed(preview), changeId: null };
      }
      const edit = { kind: 'erase', ...request } as const;
      const { outcome, changeId } = await changeOne(context, { edit }, args);
      if (!outcome.erasure) throw new Error('an erasure has an outcome');
      return { erasure: outcome.erasure, changeId };
    },
  }),
);

const ErasureType = builder.objectRef<Tombstone>('Erasure').implement({
  description: 'The tombstone of a record that was erased.',
  fields: (t) => ({
    recordId: t.id({
      description: 'The id of the record.',
      resolve: ({ type, recordId }) => encodeGlobalId(graphType(type), recordId),
    }),
    recordType: t.field({
      type: RecordTypeRef,
      description: 'The type of the record.',
      resolve: ({ type }) => graphType(type),
    }),
    reason: t.expose('reason', { type: Reason, description: 'The reason of the erasure.' }),
    erasedAt: t.field({
      type: 'DateTime',
      description: 'When it was erased.',
      resolve: ({ at }) => at,
    }),
  }),
});

builder.queryField('erasure', (t) =>
  t.field({
    type: ErasureType,
    asKnownAt: false,
    nullable: true,
    description:
      'The tombstone of the record with this id; null if no record with this id was erased.',
    args: { id: t.arg.id({ required: true, description: 'An `id` from this API.' }) },
    resolve: (_root, { id }, { knowledge, view }) =>
      knowledge.tombstones.of(view, decodeGlobalId(id, 'id').id),
  }),
);

// Private:

const graphType = (type: RecordTypeEnum): RecordTypeName =>
  recordTypes[recordTypeByEnum[type]].graphqlName;

function checkedWords(words: readonly string[]): readonly string[] {
  if (words.length > maxWords) {
    const message = `must be at most ${maxWords}, but are ${words.length}`;
    throw invalid('words', 'TOO_LONG', message);
  }
  const wrong = words.find((word) => !/[\p{L}\p{N}]/u.test(word) || word.length > maxWordLength);
  if (wrong !== undefined) {
    const message = `must each have a letter or digit, and at most ${maxWordLength} characters`;
    throw invalid('words', 'INVALID_VALUE', message);
  }
  return words;
}
