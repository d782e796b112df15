/** Links of edits: those given as `{ id }` become slugs, which validation expects. */
import type { Queryable } from '../../database/database.js';
import type { Values } from '../model/recordLists.js';
import { slugsOf } from '../reading/slugs.js';
import { InvalidEdit } from '../validation/editErrors.js';
import { formatPath, type Path } from '../validation/report.js';

/**
 * Replaces links given as `{ id }` by slugs.
 *
 * @throws InvalidEdit with the ids that no record has
 */
export async function withSlugs(tx: Queryable, fields: Values, prefix: string): Promise<Values> {
  const links = idsIn(fields);
  if (links.length === 0) return fields;
  const slugs = await slugsOf(
    tx,
    links.map(({ id }) => id),
  );
  const unknown = links.filter(({ id }) => !slugs.has(id));
  if (unknown.length > 0) {
    throw new InvalidEdit(
      unknown.map(({ path }) => ({
        path: `${prefix}${formatPath(path)}`,
        code: 'UNKNOWN_RECORD',
        message: 'no record has this id',
      })),
    );
  }
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    if (isId(value)) return slugs.get(value.id);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each)]));
  };
  return replaced(fields) as Values;
}

// Private:

const isId = (value: object): value is { id: string } =>
  'id' in value && typeof value.id === 'string' && Object.keys(value).length === 1;

function idsIn(value: unknown, path: Path = []): { id: string; path: Path }[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isId(value)) return [{ id: value.id, path }];
  return Array.isArray(value)
    ? value.flatMap((each, i) => idsIn(each, [...path, i]))
    : Object.entries(value).flatMap(([key, each]) => idsIn(each, [...path, key]));
}
