/**
 * The stream: JSON records, one a line, of everything that the knowledge base holds. It is
 * what `chancery export` writes and what other formats are turned into.
 *
 *     {"type":"Person","slug":"jens-stoltenberg","name":"Jens Stoltenberg","identifiers":{"wikidata":"Q57665"}}
 *     {"type":"Position","person":"wikidata:Q57665","organization":"nato","title":"Secretary General","kind":"HEAD_OF_ORGANIZATION","start":"2014-10-01"}
 *
 * A record has the fields that a dossier has for it (`validation/schemas.ts`), its `type`, and, where
 * it comes from another knowledge base, what it was there: its id, its life, its history.
 * Records come in any order and name each other by slug or by identifier, `wikidata:Q57665`.
 */
import { z } from 'zod';
import {
  erasureReason,
  publicationStatus,
  recordType,
  revisionAction,
} from '../../../database/tables/index.js';
import { authorIdentity, authorName } from '../../auth/author.js';
import { recordSchemas } from '../../validation/schemas.js';
import { slug, text } from '../../validation/values.js';
import { recordTypeByName, type RecordTypeName } from '../../model/recordTypes.js';

/** How a record names another: `nato`, `wikidata:Q7184`, or `Person:seat:12`, which names its type. */
const link = z
  .string()
  .max(700)
  .regex(/^([a-z0-9]+(-[a-z0-9]+)*|[A-Za-z0-9]+([ ._-][A-Za-z0-9]+)*:.+)$/s, {
    error: 'names no record: write a slug such as nato, or an identifier such as wikidata:Q7184',
  });

/** A moment, as an export writes it. */
const instant = z.iso.datetime({ offset: true });

const life = {
  id: z.uuid().optional(),
  status: z.enum(publicationStatus.enumValues).optional(),
  deletedAt: instant.nullish(),
  deletionReason: text.nullish(),
  createdAt: instant.optional(),
  updatedAt: instant.optional(),
};

/** A change of the record, as its history has it. */
const revision = z.strictObject({
  id: z.uuid(),
  at: instant,
  actor: authorName,
  identity: authorIdentity.nullish(),
  action: z.enum(revisionAction.enumValues),
  reason: z.string().nullish(),
  changes: z.record(z.string(), z.looseObject({})),
});

const forms = recordSchemas({
  /** May be left out where the record has an identifier, an article an address. */
  slug: slug.optional(),
  link,
  /** Found by the entity's names, by the words in `as`, or given with its places in the body. */
  mention: z.union([
    link,
    z.strictObject({
      entity: link,
      as: z.array(text).min(1).optional(),
      id: z.uuid().optional(),
      ranges: z.array(z.tuple([z.int().min(0), z.int().min(1)])).optional(),
    }),
  ]),
  life: {
    ...life,
    /** The record that this one was merged into; only its slug lives on. */
    mergedInto: slug.optional(),
    /** When the body of an article was fetched. */
    fetchedAt: instant.optional(),
    revisions: z.array(revision).optional(),
  },
  passage: {
    // What stands around a passage may be white space, or nothing.
    prefix: z.string().nullish(),
    suffix: z.string().nullish(),
    ...life,
    /** Where it stands in the body: a hint, looked up again. */
    start: z.int().min(0).nullish(),
    end: z.int().min(0).nullish(),
    /** `false`: it is not there any more, and that is known. */
    verified: z.boolean().optional(),
  },
  dated: { id: z.uuid().optional() },
});

/** The form of a record of each type, without its `type`. */
export const streamForms = Object.fromEntries(
  Object.entries(recordTypeByName).map(([type, recordType]) => [type, forms[recordType]]),
) as unknown as Record<RecordTypeName, z.ZodType>;

/** The form of a tombstone; see `tombstones.ts`. */
export const tombstoneForm = z.strictObject({
  type: z.literal('Erasure'),
  id: z.uuid(),
  /** The id that the record had. */
  recordId: z.uuid(),
  recordType: z.enum(recordType.enumValues),
  reason: z.enum(erasureReason.enumValues),
  /** The field of which only former values were erased. */
  field: z.string().max(100).optional(),
  changeId: z.uuid(),
  erasedAt: z.iso.datetime({ offset: true }),
  wasPublic: z.boolean(),
  keys: z
    .array(z.strictObject({ salt: z.string().max(100), hash: z.string().max(100) }))
    .max(10_000)
    .optional(),
});

/** JSON Schema (2020-12) of a line of the stream. */
export function streamJsonSchema(): object {
  const definitions = Object.entries(recordTypeByName).map(
    ([type, recordType]): [string, object] => {
      const form = z.strictObject({ type: z.literal(type), ...forms[recordType].shape });
      const { $schema: _, ...schema } = z.toJSONSchema(form, { io: 'input' });
      return [type, schema];
    },
  );
  const { $schema: _, ...tombstone } = z.toJSONSchema(tombstoneForm, { io: 'input' });
  definitions.push(['Erasure', tombstone]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://chancery.example/stream.schema.json',
    title: 'A record of a Chancery stream',
    description: 'One line of a JSONL file that chancery export writes and chancery import reads.',
    oneOf: definitions.map(([type]) => ({ $ref: `#/$defs/${type}` })),
    $defs: Object.fromEntries(definitions),
  };
}
