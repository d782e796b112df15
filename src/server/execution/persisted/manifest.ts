/**
 * Lists of operations that the makers of clients hand out with them, in the forms that their
 * tools write: docs/security.md tells which.
 */
import { readFile } from 'node:fs/promises';
import { Kind, parse, validate, type GraphQLSchema } from 'graphql';
import type { Documents } from '../../admission/complexity/documents.js';

/** The texts of operations, by their ids. */
export type Manifest = ReadonlyMap<string, string>;

/** A list that cannot be used: all that is wrong with it, in words for people. */
export class ManifestError extends Error {
  override name = 'ManifestError';
}

/** @throws ManifestError when the file is not there or not such a list */
export async function readManifest(file: string): Promise<Manifest> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ManifestError(
      code === undefined ? `${file} is not JSON` : `cannot read ${file} (${code})`,
    );
  }
  const manifest = new Map<string, string>();
  for (const [id, text] of entriesOf(json, file)) {
    const known = manifest.get(id);
    if (known !== undefined && known !== text) {
      throw new ManifestError(`${file}: there are two operations with the id ${shown(id)}`);
    }
    manifest.set(id, text);
  }
  if (!manifest.size) throw new ManifestError(`${file} holds no operation`);
  return manifest;
}

/**
 * What nobody could ask for is better told to who serves it than to who asks.
 *
 * @throws ManifestError that names every operation that is not fit for this schema or exceeds a
 *   limit
 */
export function checkManifest(
  manifest: Manifest,
  schema: GraphQLSchema,
  documents: Documents,
): void {
  const problems = [...manifest].flatMap(([id, text]) => {
    const { document, rejection } = documents.read(text);
    const [error] = document ? validate(schema, document) : [rejection];
    return error ? [`operation ${shown(id)}: ${error.message}`] : [];
  });
  if (problems.length) throw new ManifestError(problems.join('\n'));
}

/** The names of the operations in it. */
export const namesIn = (manifest: Manifest): string[] =>
  [...manifest.values()].flatMap((text) =>
    parse(text).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.name
        ? [definition.name.value]
        : [],
    ),
  );

// Private:

/** The longest id that is worth looking at: hashes have 32 to 128 letters. */
const maxIdLength = 256;

const forms =
  'a map from ids to texts, or a list "operations" of objects with "id" and "body" (see docs/security.md)';

function entriesOf(json: unknown, file: string): [string, string][] {
  const listed = isRecord(json) && 'operations' in json ? json['operations'] : json;
  const entries: [unknown, unknown][] = Array.isArray(listed)
    ? listed.map((each: unknown) => [first(each, idNames), first(each, textNames)])
    : isRecord(listed)
      ? Object.entries(listed).map(([id, each]) => [
          id,
          typeof each === 'string' ? each : first(each, textNames),
        ])
      : [];
  if (!entries.length) throw new ManifestError(`${file} is no list of operations: ${forms}`);
  return entries.map(([id, text], i) => {
    if (typeof id === 'string' && id && id.length <= maxIdLength && typeof text === 'string') {
      return [id, text];
    }
    throw new ManifestError(
      `${file}: entry ${i + 1} has no id and text; the file must be ${forms}`,
    );
  });
}

const idNames = ['id', 'hash', 'signature'];
const textNames = ['body', 'document', 'text', 'query'];

const first = (value: unknown, names: string[]): unknown =>
  isRecord(value) ? names.map((name) => value[name]).find((each) => each !== undefined) : undefined;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (id: string): string => JSON.stringify(id.slice(0, 80));
