/** The mutations: one way to make, change and take back every kind of record. */
import type { Edit } from '../../knowledge/curation/edit.js';
import type { Values } from '../../knowledge/writing/draft.js';
import { builder, type GraphContext } from '../builder.js';
import { badInput } from '../errors.js';
import { decodeGlobalId } from '../relay/globalId.js';
import { refused } from './errors.js';
import { link, recordFields, recordInputs } from './inputs.js';
import { nouns, target, type CuratedType } from './nouns.js';
import { ChangeResult, MergeResult, RecordResult, recordResults } from './payloads.js';

builder.mutationType({
  description:
    'What editors change. Each mutation is one transaction, is written into history, and answers with a payload or with a typed error.',
  authScopes: { editor: true },
});

/** What every mutation takes. */
const changeArgs = () =>
  builder.args((t) => ({
    reason: t.string({ description: 'Why, for the history.' }),
    idempotencyKey: t.string({
      description:
        'A text of your own making, at most 200 characters: the same mutation sent again with it is answered, but not carried out again. Kept for a day.',
    }),
  }));

const expectedRevisionArg = () =>
  builder.args((t) => ({
    expectedRevision: t.int({
      description:
        "The record's `revision` when you read it: if somebody has changed it since, a `ConflictError` is answered.",
    }),
  }));

const idArg = (description: string) =>
  builder.args((t) => ({ id: t.id({ required: true, description }) }));

const isDraftArg = () =>
  builder.args((t) => ({
    isDraft: t.boolean({
      description:
        'Whether a new record is a draft, which only editors see until it is published. Default: false.',
    }),
  }));

for (const type of Object.keys(nouns) as CuratedType[]) {
  const { create, update } = recordInputs[type];
  builder.mutationFields((t) => ({
    [`create${type}`]: t.field({
      type: recordResults[type],
      description: `Makes a new record of type ${type}.`,
      args: {
        input: t.arg({ type: create, required: true, description: 'What it says.' }),
        ...isDraftArg(),
        ...changeArgs(),
      },
      resolve: (_root, { input, isDraft, ...args }, context) =>
        one(context, `${type}Payload`, creation('create', type, input, isDraft), args),
    }),
    [`update${type}`]: t.field({
      type: recordResults[type],
      description: `Changes a record of type ${type}: a field left out stays as it is, null clears it.`,
      args: {
        ...idArg('Which one.'),
        input: t.arg({ type: update, required: true, description: 'What is to change.' }),
        ...expectedRevisionArg(),
        ...changeArgs(),
      },
      resolve: (_root, { id, input, expectedRevision, ...args }, context) =>
        one(context, `${type}Payload`, change(type, id, input, expectedRevision), args),
    }),
    [`upsert${type}`]: t.field({
      type: recordResults[type],
      description: `Makes a record of type ${type} or, where there is one with its ${'slug' in nouns ? '' : ''}slug (a fact: one that says the same), changes it. For scripts.`,
      args: {
        input: t.arg({ type: create, required: true, description: 'What it says.' }),
        ...isDraftArg(),
        ...expectedRevisionArg(),
        ...changeArgs(),
      },
      resolve: (_root, { input, isDraft, expectedRevision, ...args }, context) =>
        one(
          context,
          `${type}Payload`,
          { ...creation('upsert', type, input, isDraft), ...expected(expectedRevision) },
          args,
        ),
    }),
  }));
}

const lifecycle = {
  restore: 'Brings a deleted record back.',
  publish: 'Publishes a draft: from now on everybody sees it.',
} as const;

for (const [kind, description] of Object.entries(lifecycle)) {
  builder.mutationField(kind, (t) =>
    t.field({
      type: RecordResult,
      description,
      args: { ...idArg('Which record.'), ...expectedRevisionArg(), ...changeArgs() },
      resolve: (_root, { id, expectedRevision, ...args }, context) =>
        one(context, 'RecordPayload', lifecycleEdit(kind, id, expectedRevision), args),
    }),
  );
}

builder.mutationFields((t) => ({
  delete: t.field({
    type: RecordResult,
    description: 'Deletes a record, softly: it is seen no more, and `restore` brings it back.',
    args: {
      ...idArg('Which record.'),
      ...expectedRevisionArg(),
      ...changeArgs(),
      reason: t.arg.string({ required: true, description: 'Why, for the history.' }),
    },
    resolve: (_root, { id, expectedRevision, ...args }, context) =>
      one(context, 'RecordPayload', lifecycleEdit('delete', id, expectedRevision), args),
  }),
  reject: t.field({
    type: RecordResult,
    description: 'Turns a draft down: it is deleted, softly, and leaves the review queue.',
    args: {
      ...idArg('Which draft.'),
      ...expectedRevisionArg(),
      ...changeArgs(),
      reason: t.arg.string({ required: true, description: 'Why, for its author and the history.' }),
    },
    resolve: (_root, { id, expectedRevision, ...args }, context) =>
      one(
        context,
        'RecordPayload',
        { kind: 'reject', target: target(id, 'id', expectedRevision) },
        args,
      ),
  }),
  cite: t.field({
    type: RecordResult,
    description:
      'Has a record rest on a passage of an article. The passage is looked for in its body; where it is not there, the error offers the nearest one.',
    args: {
      target: t.arg.id({
        required: true,
        description: "The record, or an office's status, by id.",
      }),
      article: t.arg.string({ required: true, description: 'The article, by id or slug.' }),
      exact: t.arg.string({
        required: true,
        description:
          'The words, as they stand in the article; marks and spaces may be typed plainly.',
      }),
      prefix: t.arg.string({ description: 'The words before, where `exact` occurs repeatedly.' }),
      suffix: t.arg.string({ description: 'The words behind, where `exact` occurs repeatedly.' }),
      field: t.arg.string({ description: 'The field that the passage supports.' }),
      ...expectedRevisionArg(),
      ...changeArgs(),
    },
    resolve: (_root, { reason, idempotencyKey, ...args }, context) =>
      one(context, 'RecordPayload', citation(args), { reason, idempotencyKey }),
  }),
  withdraw: t.field({
    type: RecordResult,
    description: 'Takes a reference back: the record rests on that passage no more.',
    args: { ...idArg('The reference.'), ...changeArgs() },
    resolve: (_root, { id, ...args }, context) =>
      one(context, 'RecordPayload', withdrawal(id), args),
  }),
  merge: t.field({
    type: MergeResult,
    description:
      'Makes one of two records of the same thing. Names, identifiers, facts and references of the one go over to the other; its id and slug lead there. `undo` takes it back.',
    args: {
      from: t.arg.id({ required: true, description: 'The record that goes.' }),
      into: t.arg.id({ required: true, description: 'The record that stays.' }),
      ...changeArgs(),
    },
    resolve: (_root, { from, into, ...args }, context) =>
      one(
        context,
        'MergePayload',
        { kind: 'merge', from: target(from, 'from'), into: target(into, 'into') },
        args,
      ),
  }),
  revert: t.field({
    type: RecordResult,
    description: 'Makes a record what it was after one of its revisions.',
    args: {
      ...idArg('Which record.'),
      to: t.arg.int({ required: true, description: 'The number of the revision.' }),
      ...expectedRevisionArg(),
      ...changeArgs(),
    },
    resolve: (_root, { id, to, expectedRevision, ...args }, context) =>
      one(
        context,
        'RecordPayload',
        { kind: 'revert', target: target(id, 'id', expectedRevision), to },
        args,
      ),
  }),
  undo: t.field({
    type: RecordResult,
    description:
      'Takes back all that one change did, a merge or a batch, say; refused where something of it was changed again since.',
    args: {
      change: t.arg.id({ required: true, description: 'The `changeId` of a payload or revision.' }),
      ...changeArgs(),
    },
    resolve: (_root, { change: id, ...args }, context) => {
      if (!uuid.test(id)) throw badInput('change', 'must be the changeId of a payload or revision');
      return one(context, 'RecordPayload', { kind: 'undo', changeId: id }, args);
    },
  }),
}));

const mostOperations = 100;

const TargetInput = (name: string, description: string, reason: boolean) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      id: t.id({ required: true, description: 'Which record.' }),
      expectedRevision: t.int({ description: 'Its `revision` when you read it.' }),
      ...(reason && {}),
    }),
  });

const RecordOperation = TargetInput(
  'RecordOperation',
  'A record that an operation is about.',
  false,
);

const CiteOperation = builder.inputType('CiteOperation', {
  description: 'A passage to cite in a batch; see the mutation `cite`.',
  fields: (t) => ({
    target: t.id({ required: true, description: "The record, or an office's status, by id." }),
    article: t.string({ required: true, description: 'The article, by id or slug.' }),
    exact: t.string({ required: true, description: 'The words, as they stand in the article.' }),
    prefix: t.string({ description: 'The words before.' }),
    suffix: t.string({ description: 'The words behind.' }),
    field: t.string({ description: 'The field that the passage supports.' }),
  }),
});

const MergeOperation = builder.inputType('MergeOperation', {
  description: 'Two records to merge in a batch.',
  fields: (t) => ({
    from: t.id({ required: true, description: 'The record that goes.' }),
    into: t.id({ required: true, description: 'The record that stays.' }),
  }),
});

const updateOperations = Object.fromEntries(
  (Object.keys(nouns) as CuratedType[]).map((type) => [
    type,
    builder.inputType(`Update${type}Operation`, {
      description: `A change of a record of type ${type} in a batch.`,
      fields: (t) => ({
        id: t.id({ required: true, description: 'Which one.' }),
        input: t.field({
          type: recordInputs[type].update,
          required: true,
          description: 'What is to change.',
        }),
        expectedRevision: t.int({ description: 'Its `revision` when you read it.' }),
      }),
    }),
  ]),
);

const Operation = builder.inputType('BatchOperation', {
  description:
    'One of the things that a batch does: exactly one field is given. Records that earlier operations make are named by slug.',
  isOneOf: true,
  fields: (t) =>
    Object.fromEntries([
      ...(Object.keys(nouns) as CuratedType[]).flatMap((type) => [
        [
          `create${type}`,
          t.field({
            type: recordInputs[type].create,
            description: `As the mutation create${type}.`,
          }),
        ],
        [
          `upsert${type}`,
          t.field({
            type: recordInputs[type].create,
            description: `As the mutation upsert${type}.`,
          }),
        ],
        [
          `update${type}`,
          t.field({
            type: updateOperations[type] as InputOf,
            description: `As the mutation update${type}.`,
          }),
        ],
      ]),
      ...['delete', 'restore', 'publish'].map((kind) => [
        kind,
        t.field({ type: RecordOperation, description: `As the mutation ${kind}.` }),
      ]),
      ['cite', t.field({ type: CiteOperation, description: 'As the mutation cite.' })],
      ['withdraw', t.id({ description: 'As the mutation withdraw: the reference.' })],
      ['merge', t.field({ type: MergeOperation, description: 'As the mutation merge.' })],
    ]) as Record<string, ReturnType<typeof t.id>>,
});

builder.mutationField('batch', (t) =>
  t.field({
    type: ChangeResult,
    description: `Does up to ${mostOperations} things in one transaction, each seeing what those before it did: all or none.`,
    args: {
      operations: t.arg({ type: [Operation], required: true, description: 'What is to be done.' }),
      ...isDraftArg(),
      ...changeArgs(),
    },
    resolve: async (_root, { operations, isDraft, ...args }, context) => {
      if (operations.length === 0 || operations.length > mostOperations) {
        throw badInput(
          'operations',
          `must be 1 to ${mostOperations}, but are ${operations.length}`,
        );
      }
      const edits = operations.map((operation) => batched(operation, isDraft));
      try {
        const made = await context.curate(edits, author(context, args.reason), keyOf(args));
        return { __typename: 'ChangePayload' as const, change: made };
      } catch (error) {
        return refused(error) as never;
      }
    },
  }),
);

// Private:

type InputOf = typeof RecordOperation;

interface ChangeArgs {
  reason?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Makes a change of one edit; what is wrong with it is an answer, too. */
async function one(context: GraphContext, payload: string, edit: Edit, args: ChangeArgs) {
  try {
    const { changeId, outcomes } = await context.curate(
      [edit],
      author(context, args.reason),
      keyOf(args),
    );
    const [outcome] = outcomes;
    if (!outcome) throw new Error('an edit has an outcome');
    return { __typename: payload, outcome, changeId };
  } catch (error) {
    return refused(error) as never;
  }
}

const author = ({ identity }: GraphContext, reason: string | null | undefined) => ({
  actor: identity?.name ?? 'unknown',
  reason: reason ?? null,
});

function keyOf({ idempotencyKey: key }: ChangeArgs) {
  if (key === null || key === undefined) return {};
  if (key === '' || key.length > 200 || key.includes('\0')) {
    throw badInput('idempotencyKey', 'must be 1 to 200 characters');
  }
  return { idempotencyKey: key };
}

const expected = (revision: number | null | undefined) =>
  typeof revision === 'number' ? { expectedRevision: revision } : {};

const creation = (
  kind: 'create' | 'upsert',
  type: CuratedType,
  input: Values,
  isDraft: boolean | null | undefined,
): Extract<Edit, { kind: 'create' | 'upsert' }> => ({
  kind,
  noun: nouns[type],
  fields: withoutNull(recordFields(type, input), kind === 'create'),
  isDraft: isDraft ?? false,
});

/** What a new record has not is the same as what it is told to have not. */
const withoutNull = (fields: Values, isNew: boolean): Values =>
  isNew ? Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) : fields;

function change(
  type: CuratedType,
  id: string,
  input: Values,
  expectedRevision?: number | null,
): Edit {
  const record = target(id, 'id', expectedRevision);
  if (record.noun !== nouns[type]) {
    throw badInput('id', `must be the id of a record of type ${type}`);
  }
  return { kind: 'update', target: record, fields: recordFields(type, input) };
}

const lifecycleEdit = (kind: string, id: string, expectedRevision?: number | null): Edit => ({
  kind: kind as 'delete',
  target: target(id, 'id', expectedRevision),
});

interface CiteArgs {
  target: string;
  article: string;
  exact: string;
  prefix?: string | null | undefined;
  suffix?: string | null | undefined;
  field?: string | null | undefined;
  expectedRevision?: number | null | undefined;
}

function citation({ target: cited, article, expectedRevision, ...words }: CiteArgs): Edit {
  const { type, id } = decodeGlobalId(cited, 'target');
  const fact =
    type === 'DatedOfficeStatus' ? { statusId: id } : target(cited, 'target', expectedRevision);
  const named = link(article);
  const name = typeof named === 'string' ? { slug: named } : (named as { id: string });
  return { kind: 'cite', fact, citation: { article: name, ...words } };
}

function withdrawal(id: string): Edit {
  const { type, id: key } = decodeGlobalId(id, 'id');
  if (type !== 'Reference') throw badInput('id', 'must be the id of a reference');
  return { kind: 'withdraw', referenceId: key };
}

function batched(operation: Values, isDraft: boolean | null | undefined): Edit {
  const [name = '', value] =
    Object.entries(operation).find(([, each]) => each !== null && each !== undefined) ?? [];
  const [, verb, type] = /^(create|upsert|update)([A-Z]\w+)$/.exec(name) ?? [];
  if (verb === 'update') {
    const { id, input, expectedRevision } = value as {
      id: string;
      input: Values;
      expectedRevision?: number | null;
    };
    return change(type as CuratedType, id, input, expectedRevision);
  }
  if (verb) return creation(verb as 'create', type as CuratedType, value as Values, isDraft);
  if (name === 'cite') return citation(value as CiteArgs);
  if (name === 'withdraw') return withdrawal(value as string);
  if (name === 'merge') {
    const { from, into } = value as { from: string; into: string };
    return { kind: 'merge', from: target(from, 'from'), into: target(into, 'into') };
  }
  const { id, expectedRevision } = value as { id: string; expectedRevision?: number | null };
  return lifecycleEdit(name, id, expectedRevision);
}
