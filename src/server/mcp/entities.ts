/** Finds the entity that an argument names: by slug, by id or by name. */
import { slugify } from '../../knowledge/values/names.js';
import { findEntity, suggestEntities } from './operations.js';
import type { Reader } from './reader.js';
import { ToolError } from './toolError.js';

export interface FoundEntity {
  id: string;
  slug: string;
  name: string;
  recordType: 'ORGANIZATION' | 'PERSON' | 'OFFICE' | 'PLACE';
}

/** @throws ToolError with similar entities if there is none, or several with the name */
export async function entityNamed(reader: Reader, given: string): Promise<FoundEntity> {
  const byId = looksLikeId.test(given);
  const slug = byId ? '' : slugify(given);
  const found = slug || byId ? await find(reader, { slug, id: given, byId }) : undefined;
  if (found) return found;
  const similar = byId ? [] : await similarTo(reader, given);
  const same = similar.filter(({ names }) => names.some(({ name }) => isSame(name, given)));
  const [only] = same;
  if (only && same.length === 1) {
    const named = await find(reader, { slug: only.slug, id: '', byId: false });
    if (named) return named;
  }
  const list = similar.map(({ slug, name }) => `${slug} (${name})`).join(', ');
  throw new ToolError(
    `There is no entity ${JSON.stringify(given)}. ${list ? `Similar ones: ${list}.` : 'Find one with the tool search.'}`,
  );
}

/** The slug of an entity that an argument may name. */
export const slugNamed = async (
  reader: Reader,
  given: string | undefined,
): Promise<string | undefined> =>
  given === undefined ? undefined : (await entityNamed(reader, given)).slug;

// Private:

const looksLikeId = /^[A-Z]{3}_/;

interface Similar {
  slug: string;
  name: string;
  names: { name: string }[];
}

async function find(
  reader: Reader,
  variables: { slug: string; id: string; byId: boolean },
): Promise<FoundEntity | undefined> {
  const { entity, node } = await reader.read<{
    entity?: FoundEntity | null;
    node?: FoundEntity | Record<string, never> | null;
  }>(findEntity, variables);
  return entity ?? (node && 'slug' in node ? (node as FoundEntity) : undefined);
}

async function similarTo(reader: Reader, name: string): Promise<Similar[]> {
  const { search } = await reader.read<{
    search: { nodes: { node: Similar | null }[] } | null;
  }>(suggestEntities, { name: name.slice(0, 200) });
  return (search?.nodes ?? []).flatMap(({ node }) => (node ? [node] : []));
}

const isSame = (one: string, other: string): boolean =>
  one.localeCompare(other, 'en', { sensitivity: 'base' }) === 0;
