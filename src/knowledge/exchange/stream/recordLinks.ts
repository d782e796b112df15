/** The names in a record: its own slug, and links to others. */
import type { Entry } from './parsedRecord.js';
import {
  type EntityType,
  type LinkTarget,
  type SlugSpace,
  linkTargetOf,
  recordTypeByName,
  recordTypes,
  spaceOf,
} from '../../model/recordTypes.js';

type Data = Record<string, unknown>;

/** Resolves a name for the given targets to a slug; returns the name itself if it is unknown. */
export type Naming = (name: string, targets: readonly LinkTarget[]) => string;

/** The namespace of the slugs of a type; undefined for facts, which have no slugs. */
export function spaceOfType(type: Entry['type']): SlugSpace | undefined {
  const target = linkTargetOf(recordTypeByName[type]);
  return target && spaceOf(target);
}

/** The identifier in a link such as `wikidata:Q7184` or `Person:seat:12`. */
export interface NamedIdentifier {
  scheme: string;
  value: string;
  /** The type of the target, if given. */
  type?: EntityType | undefined;
}

/** Parses an identifier in a link; undefined for a slug. */
export function identifierIn(name: string): NamedIdentifier | undefined {
  const [, type, scheme, value] =
    /^(?:(Place|Organization|Person|Office):(?=[^:]+:))?([^:]+):(.+)$/su.exec(name) ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  return { scheme, value, type: type?.toUpperCase() as EntityType | undefined };
}

/** The links of a record. */
export function linksIn(entry: Entry): string[] {
  const names: string[] = [];
  renamed(entry, (name) => {
    names.push(name);
    return name;
  });
  return names;
}

/** The record with every link replaced by a slug. */
export function renamed({ type, record }: Entry, naming: Naming): Data {
  let changed: Data | undefined;
  const set = (field: string, before: unknown, after: unknown) => {
    if (before !== after) (changed ??= { ...record })[field] = after;
  };
  for (const [field, targets] of Object.entries(recordTypes[recordTypeByName[type]].links)) {
    const value = record[field];
    if (value === undefined || value === null) continue;
    set(
      field,
      value,
      mapNames(value, (name) => naming(name, targets)),
    );
  }
  for (const field of ['references', 'statuses']) {
    const value = record[field];
    if (!Array.isArray(value)) continue;
    set(
      field,
      value,
      mapped(value, (item) => withCitation(item as Data, naming)),
    );
  }
  return changed ?? record;
}

// Private:

/** Replaces a name, a list of names, or the `entity` of mappings. */
function mapNames(value: unknown, name: (name: string) => string): unknown {
  if (typeof value === 'string') return name(value);
  if (Array.isArray(value)) return mapped(value, (item) => mapNames(item, name));
  if (typeof value !== 'object' || value === null || !('entity' in value)) return value;
  const entity = mapNames(value.entity, name);
  return entity === value.entity ? value : { ...value, entity };
}

/** Replaces the article of a reference, or of the references of a status. */
function withCitation(item: Data, naming: Naming): Data {
  if (Array.isArray(item['references'])) {
    const references = mapped(item['references'], (each) => withCitation(each as Data, naming));
    return references === item['references'] ? item : { ...item, references };
  }
  if (typeof item['article'] !== 'string') return item;
  const article = naming(item['article'], ['ARTICLE']);
  return article === item['article'] ? item : { ...item, article };
}

/** Like `map`, but returns the same list if nothing changes. */
function mapped(list: unknown[], change: (item: unknown) => unknown): unknown[] {
  let changed: unknown[] | undefined;
  list.forEach((item, i) => {
    const after = change(item);
    if (after !== item) (changed ??= [...list])[i] = after;
  });
  return changed ?? list;
}
