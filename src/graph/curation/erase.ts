/** Erasing: what goes for good, what else tells of it, and what is left of it. */
import {
  placeKinds,
  type ErasablePlace,
  type Place,
  type PlaceKind,
} from '../../knowledge/erasure/places.js';
import type { ErasureReason, Tombstone } from '../../knowledge/erasure/tombstones.js';
import { builder } from '../builder.js';
import { badInput } from '../errors.js';
import { decodeGlobalId, encodeGlobalId } from '../relay/globalId.js';
import { describedEnum } from '../values/enum.js';
import { idArg } from './arguments.js';
import { author, optionsOf } from './edits.js';
import { ConflictError, NotFoundError, rejected, ValidationError } from './errors.js';
import { ReviewedTypeEnum } from './history.js';
import { target } from './target.js';
import {
  recordTypeByEnum,
  recordTypes,
  type RecordTypeEnum,
  type RecordTypeName,
} from '../../knowledge/model/recordTypes.js';
import type { Erasure, ErasureRequest } from '../../knowledge/erasure/erasure.js';

const Reason = describedEnum<ErasureReason>(
  'ErasureReason',
  'Why something was erased. There is no text beside it, which could repeat what was erased.',
  {
    PERSONAL_DATA: 'A person asked for it, or data protection demands it.',
    COURT_ORDER: 'A court or an authority ordered it.',
    COPYRIGHT: 'The right to hold the text is missing.',
    SECURITY: 'It endangers somebody, or is a secret.',
    ERROR: 'It was entered by mistake.',
    OTHER: 'Another reason.',
  },
);

const erasable: Record<ErasablePlace, string> = {
  STATEMENTS: 'Statements that are about it, to it, on its behalf or reported by it.',
  PASSAGES: 'Passages that other records rest on and that have its names.',
  BODIES:
    'Bodies of articles that have its names, and the passages that are quoted from there; also bodies that were replaced.',
  TEXTS:
    'Other texts of other records: names, titles, descriptions, the words of statements; also those that were replaced.',
  REVISIONS: 'Histories of other records: what they were before and after, and reasons.',
};

const ErasablePlaceEnum = describedEnum<ErasablePlace>(
  'ErasablePlace',
  'What else may tell of an erased record, and can be erased along with it: statements go whole, in texts its names are blacked out.',
  erasable,
);

const PlaceKindEnum = describedEnum<PlaceKind>(
  'ErasurePlaceKind',
  'Where else something is told of a record that is erased.',
  { ...erasable, SLUGS: 'The slug of another record, which only erasing that one removes.' },
);

const PlaceType = builder.objectRef<Place>('ErasurePlace').implement({
  description: 'A place where something is told of a record that is, or would be, erased.',
  fields: (t) => ({
    kind: t.expose('kind', { type: PlaceKindEnum, description: 'What it is.' }),
    type: t.field({
      type: ReviewedTypeEnum,
      nullable: true,
      description: 'The type of the record in which it is; null where it is in none.',
      resolve: ({ recordType }) => recordType && recordTypes[recordType].graphqlName,
    }),
    recordId: t.id({
      nullable: true,
      description: 'The id of that record; null where it is in none.',
      resolve: ({ recordType, recordId }) =>
        recordType && recordId
          ? encodeGlobalId(recordTypes[recordType].graphqlName, recordId)
          : null,
    }),
    slug: t.exposeString('slug', {
      nullable: true,
      description: 'The slug of that record; null for facts, and where it is in no record.',
    }),
    field: t.string({
      description: 'The table and column of the database. Example: `article_body.text`.',
      resolve: ({ column }) => column,
    }),
    isPast: t.exposeBoolean('isPast', {
      description: 'Whether it is only in what was known earlier, which `asKnownOn` reads.',
    }),
    occurrences: t.exposeInt('occurrences', { description: 'How often its names are there.' }),
    excerpt: t.exposeString('excerpt', {
      description: 'The words in their context; empty when something was erased.',
    }),
  }),
});

const PlaceCount = builder.objectRef<{ kind: PlaceKind; count: number }>('ErasurePlaceCount');
PlaceCount.implement({
  description: 'How many places of a kind there are.',
  fields: (t) => ({
    kind: t.expose('kind', { type: PlaceKindEnum, description: 'The kind.' }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
});

const RecordCount = builder.objectRef<{ type: RecordTypeName; count: number }>(
  'ErasureRecordCount',
);
RecordCount.implement({
  description: 'How many records of a type go.',
  fields: (t) => ({
    type: t.expose('type', { type: ReviewedTypeEnum, description: 'The type.' }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
});

interface ErasureShape {
  __typename: 'ErasurePayload';
  erasure: Erasure;
  changeId: string | null;
}

const ErasurePayload = builder.objectRef<ErasureShape>('ErasurePayload').implement({
  description: 'What was erased or, in a dry run, what would be.',
  fields: (t) => ({
    isDryRun: t.boolean({
      description: 'Whether nothing was done.',
      resolve: ({ changeId }) => changeId === null,
    }),
    reason: t.field({
      type: Reason,
      description: 'The reason that was given.',
      resolve: ({ erasure }) => erasure.reason,
    }),
    records: t.field({
      type: [RecordCount],
      description:
        'The record, and those that cannot be without it: posts, memberships, its statements, offices.',
      resolve: ({ erasure }) =>
        Object.values(recordTypes).flatMap(({ enumValue, graphqlName }) => {
          const count = erasure.records[enumValue];
          return count === undefined ? [] : [{ type: graphqlName, count }];
        }),
    }),
    places: t.field({
      type: [PlaceType],
      description:
        'Where else something is told of it: in a dry run all such places, else those that were left; the first 1,000. `left` counts all.',
      resolve: ({ erasure }) => erasure.places,
    }),
    left: t.field({
      type: [PlaceCount],
      description:
        'How many places of each kind tell something of it: what `also` did not name and is left; in a dry run all that `also` could name.',
      resolve: ({ erasure }) => placeKinds.map((kind) => ({ kind, count: erasure.counts[kind] })),
    }),
  }),
});

const ErasureResult = builder.unionType('ErasureResult', {
  description: 'What came of an erasure: its payload, or why it was not carried out.',
  types: [ErasurePayload, ValidationError, ConflictError, NotFoundError],
  resolveType: ({ __typename }) => __typename,
});

/** All texts are read, those of the past included, whether it is a dry run or not. */
const eraseWeight = 1000;

const maxWords = 50;
const maxWordLength = 200;

builder.mutationField('erase', (t) =>
  t.field({
    type: ErasureResult,
    costs: { weight: eraseWeight },
    description:
      'Erases a record for good, with its history and all that cannot be without it; a tombstone stays. Cannot be undone: ask with `dryRun: true` first. For admins.',
    authScopes: { admin: true },
    args: {
      ...idArg('Which record.'),
      reason: t.arg({ type: Reason, required: true, description: 'Why.' }),
      dryRun: t.arg.boolean({
        description: 'Only tell what would go, and where else it is told. Default: false.',
      }),
      also: t.arg({
        type: [ErasablePlaceEnum],
        description:
          'What of the places that tell of it goes, too. Default: none of them; `left` counts what stays.',
      }),
      formerValuesOf: t.arg.string({
        description:
          'A field, as history names it, or `body`: only what it was earlier is erased, and the record stays. Without it the whole record is erased.',
      }),
      words: t.arg.stringList({
        description: `Words by which it is known beside its names, slug and identifiers, such as a surname; at most ${maxWords}.`,
      }),
      idempotencyKey: t.arg.string({
        description:
          'A text of your own making, at most 200 characters: the same mutation sent again with it is answered, but not carried out again. Kept for a day.',
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
      try {
        if (dryRun)
          return payload(await context.previewErasure(request, context.abortSignal), null);
        const edits = [{ kind: 'erase', ...request } as const];
        const change = await context.curate(edits, author(context, null), optionsOf(context, args));
        const erasure = change.outcomes[0]?.erasure;
        if (!erasure) throw new Error('an erasure has an outcome');
        return payload(erasure, change.changeId);
      } catch (error) {
        return rejected(error) as never;
      }
    },
  }),
);

const ErasureType = builder.objectRef<Tombstone>('Erasure').implement({
  description: 'What is left of a record that was erased.',
  fields: (t) => ({
    recordId: t.id({
      description: 'The id that the record had.',
      resolve: ({ type, recordId }) => encodeGlobalId(graphType(type), recordId),
    }),
    type: t.field({
      type: ReviewedTypeEnum,
      description: 'The type of the record.',
      resolve: ({ type }) => graphType(type),
    }),
    reason: t.expose('reason', { type: Reason, description: 'Why it was erased.' }),
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
    asKnownOn: false,
    nullable: true,
    description:
      'The tombstone of the record with this id; null where no record with it was erased.',
    args: { id: t.arg.id({ required: true, description: 'An `id` that this API gave.' }) },
    resolve: (_root, { id }, { knowledge, view }) =>
      knowledge.tombstones.of(view, decodeGlobalId(id, 'id').id),
  }),
);

// Private:

const payload = (erasure: Erasure, changeId: string | null): ErasureShape => ({
  __typename: 'ErasurePayload',
  erasure,
  changeId,
});

const graphType = (type: RecordTypeEnum): RecordTypeName =>
  recordTypes[recordTypeByEnum[type]].graphqlName;

function checkedWords(words: readonly string[]): readonly string[] {
  if (words.length > maxWords) {
    throw badInput('words', `must be at most ${maxWords}, but are ${words.length}`);
  }
  const wrong = words.find((word) => !/[\p{L}\p{N}]/u.test(word) || word.length > maxWordLength);
  if (wrong !== undefined) {
    throw badInput(
      'words',
      `must each have a letter or digit, and at most ${maxWordLength} characters`,
    );
  }
  return words;
}
