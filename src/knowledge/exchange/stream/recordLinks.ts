/** Names in a record: its own, and those by which it names others. */
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

/** Finds the slug that a name means where one of these is wanted; the name itself where it means none. */
export type Naming = (name: string, targets: readonly LinkTarget[]) => string;

/** Where the slug of a record of this type has to be the only one; undefined for facts without slugs. */
export function spaceOfType(type: Entry['type']): SlugSpace | undefined {
  const target = linkTargetOf(recordTypeByName[type]);
  return target && spaceOf(target);
}

/** What a name such as `wikidata:Q7184`, or `Person:seat:12`, says of the record that it means. */
export interface NamedIdentifier {
  scheme: string;
  value: string;
  /** The only type that it may have. */
  type?: EntityType | undefined;
}

/** The identifier in a name; undefined for a slug. */
export function identifierIn(name: string): NamedIdentifier | undefined {
  const [, type, scheme, value] =
    /^(?:(Place|Organization|Person|Office):(?=[^:]+:))?([^:]+):(.+)$/su.exec(name) ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  return { scheme, value, type: type?.toUpperCase() as EntityType | undefined };
}

/** The names by which a record names others. */
export function linksIn(entry: Entry): string[] {
  const names: string[] = [];
  renamed(entry, (name) => {
    names.push(name);
    return name;
  });
  return names;
}

/** The record with every name replaced by the slug that it means. */
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

/** A name, a list of names, or a list of mappings with a name as `entity`. */
function mapNames(value: unknown, name: (name: string) => string): unknown {
  if (typeof value === 'string') return name(value);
  if (Array.isArray(value)) return mapped(value, (item) => mapNames(item, name));
  if (typeof value !== 'object' || value === null || !('entity' in value)) return value;
  const entity = mapNames(value.entity, name);
  return entity === value.entity ? value : { ...value, entity };
}

/** A reference's article, or those of the references of a status. */
function withCitation(item: Data, naming: Naming): Data {
  if (Array.isArray(item['references'])) {
    const references = mapped(item['references'], (each) => withCitation(each as Data, naming));
    return references === item['references'] ? item : { ...item, references };
  }
  if (typeof item['article'] !== 'string') return item;
  const article = naming(item['article'], ['ARTICLE']);
  return article === item['article'] ? item : { ...item, article };
}

/** The same list where nothing in it changes. */
function mapped(list: unknown[], change: (item: unknown) => unknown): unknown[] {
  let changed: unknown[] | undefined;
  list.forEach((item, i) => {
    const after = change(item);
    if (after !== item) (changed ??= [...list])[i] = after;
  });
  return changed ?? list;
}
