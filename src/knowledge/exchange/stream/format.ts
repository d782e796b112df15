/**
 * The stream format: one JSON record per line. `chancery export` writes it, and importers of other
 * formats convert to it.
 *
 *     {"type":"Person","slug":"jens-stoltenberg","name":"Jens Stoltenberg","identifiers":{"wikidata":"Q57665"}}
 *     {"type":"Position","person":"wikidata:Q57665","organization":"nato","title":"Secretary General","kind":"HEAD_OF_ORGANIZATION","start":"2014-10-01"}
 *
 * A record has the fields of a dossier's record (`validation/schemas.ts`), its `type`, and, if
 * exported, its id, times and history. Records come in any order and link to each other by slug or
 * by identifier, such as `wikidata:Q57665`.
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

/** A link: `nato`, `wikidata:Q7184`, or with the type of its target `Person:seat:12`. */
const link = z
  .string()
  .max(700)
  .regex(/^([a-z0-9]+(-[a-z0-9]+)*|[A-Za-z0-9]+([ ._-][A-Za-z0-9]+)*:.+)$/s, {
    error: 'is not a link: write a slug such as nato, or an identifier such as wikidata:Q7184',
  });

/** A timestamp. */
const instant = z.iso.datetime({ offset: true });

const life = {
  id: z.uuid().optional(),
  status: z.enum(publicationStatus.enumValues).optional(),
  deletedAt: instant.nullish(),
  deletionReason: text.nullish(),
  createdAt: instant.optional(),
  updatedAt: instant.optional(),
};

/** A revision of the record's history. */
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
  /** Optional if the record has an identifier or, for an article, a URL. */
  slug: slug.optional(),
  link,
  /** Matched by the entity's names or by the words in `as`, or given as ranges in the body. */
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
    /** The record that this one was merged into; its slug redirects there. */
    mergedInto: slug.optional(),
    /** When the body of an article was fetched. */
    fetchedAt: instant.optional(),
    revisions: z.array(revision).optional(),
  },
  passage: {
    // Unlike in dossiers, the context may be white space, or empty.
    prefix: z.string().nullish(),
    suffix: z.string().nullish(),
    ...life,
    /** The offset in the body; a hint for matching. */
    start: z.int().min(0).nullish(),
    end: z.int().min(0).nullish(),
    /** `false` if the passage is known to be missing from the body. */
    verified: z.boolean().optional(),
  },
  dated: { id: z.uuid().optional() },
});

/** The schema of each type of record, without `type`. */
export const streamForms = Object.fromEntries(
  Object.entries(recordTypeByName).map(([type, recordType]) => [type, forms[recordType]]),
) as unknown as Record<RecordTypeName, z.ZodType>;

/** The schema of a tombstone; see `tombstones.ts`. */
export const tombstoneForm = z.strictObject({
  type: z.literal('Erasure'),
  id: z.uuid(),
  /** The id of the erased record. */
  recordId: z.uuid(),
  recordType: z.enum(recordType.enumValues),
  reason: z.enum(erasureReason.enumValues),
  /** The field whose former values were erased. */
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
