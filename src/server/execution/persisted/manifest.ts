/** Manifests of persisted operations, in the formats that client tools write; see docs/security.md. */
import { readFile } from 'node:fs/promises';
import { Kind, parse, validate, type GraphQLSchema } from 'graphql';
import type { Documents } from '../../admission/complexity/documents.js';

/** The texts of operations by id. */
export type Manifest = ReadonlyMap<string, string>;

/** An invalid manifest, with all issues. */
export class ManifestError extends Error {
  override name = 'ManifestError';
}

/** @throws ManifestError if the file is missing or not a manifest */
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
  if (!manifest.size) throw new ManifestError(`${file} contains no operations`);
  return manifest;
}

/**
 * Validates persisted operations at startup, so that the operator sees the errors, not the clients.
 *
 * @throws ManifestError with every operation that is invalid for this schema or exceeds a limit
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

/** The names of the operations in a text. */
export const namesIn = (manifest: Manifest): string[] =>
  [...manifest.values()].flatMap((text) =>
    parse(text).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.name
        ? [definition.name.value]
        : [],
    ),
  );

// Private:

/** The maximum length of an id: hashes have 32 to 128 characters. */
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
  if (!entries.length)
    throw new ManifestError(`${file} is not a manifest of operations: the file must be ${forms}`);
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
