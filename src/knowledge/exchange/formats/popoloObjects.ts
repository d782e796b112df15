/** Classifies the objects of a Popolo file, and unnests objects. */
import type { RecordData } from '../stream/parsedRecord.js';
import { textIn, textOf } from './normalize.js';
import { isData } from '../../values/data.js';

type Data = Record<string, unknown>;

/** The classes of Popolo with records. */
export const popoloClasses = [
  'persons',
  'organizations',
  'memberships',
  'posts',
  'areas',
  'events',
] as const;

export type PopoloClass = (typeof popoloClasses)[number];

export interface PopoloObject {
  origin: RecordData['origin'];
  class: PopoloClass;
  data: Data;
  /** Whether it was nested within another object. */
  isEmbedded?: boolean;
}

/** The maximum depth of nested objects. */
const maxDepth = 20;

/** The objects nested in another one, in fields and lists; replaces them by their ids. */
export function embeddedIn(object: PopoloObject, depth = 0): PopoloObject[] {
  const { origin, class: name, data } = object;
  for (const [field, value] of Object.entries(data)) {
    // Some files write a single object as a list.
    if (field.endsWith('_id') && Array.isArray(value) && value.length === 1) data[field] = value[0];
  }
  nameWithoutId(name, data);
  if (depth >= maxDepth) return [];
  const embedded: PopoloObject[] = [];
  const add = (inner: PopoloClass, each: Data) => {
    const child = { origin, class: inner, data: each, isEmbedded: true };
    const within = embeddedIn(child, depth + 1);
    // An object with only an id refers to one given elsewhere.
    if (inner === 'memberships' || !isReference(each)) embedded.push(child);
    embedded.push(...within);
  };
  for (const [field, [inner, link]] of Object.entries(lists[name] ?? {})) {
    for (const each of listOf(data[field]))
      add(inner, link ? { [link]: data['id'], ...each } : each);
  }
  for (const [field, inner] of Object.entries(objects)) {
    const value = data[field];
    if (typeof value === 'string' && data[`${field}_id`] === undefined) data[`${field}_id`] = value;
    if (!isData(value)) continue;
    const of = inner ?? (field === 'parent' ? name : (classOf(value) ?? 'persons'));
    nameWithoutId(of, value);
    data[`${field}_id`] ??= value['id'];
    if (field === 'member' && of === 'persons') data['person_id'] ??= value['id'];
    add(of, value);
  }
  return embedded;
}

/** Whether a field holds an object in place of an id, or a list of objects of its class. */
export const isEmbedding = (name: PopoloClass, field: string): boolean =>
  field in objects || field in (lists[name] ?? {});

/** The class of an object in a file of one per line, by `type` or by its fields. */
export function classOf(data: Data): PopoloClass | undefined {
  const word = textOf(data['@type'] ?? data['_type'] ?? data['type'])?.toLowerCase();
  const named = classNamed(word ?? '');
  if (named) return named;
  if (['person_id', 'on_behalf_of_id', 'post_id', 'member_id'].some((field) => field in data)) {
    return 'memberships';
  }
  if (isData(data['person']) || isData(data['on_behalf_of'])) return 'memberships';
  if ('label' in data && ('organization_id' in data || 'organization' in data)) return 'posts';
  const isPerson = ['given_name', 'family_name', 'birth_date', 'gender', 'honorific_prefix'].some(
    (field) => field in data,
  );
  if (isPerson) return 'persons';
  if ('founding_date' in data || 'dissolution_date' in data) return 'organizations';
  return undefined;
}

/** Maps `person`, `people` and `persons` to one class. */
export function classNamed(word: string): PopoloClass | undefined {
  if (Object.hasOwn(otherWords, word)) return otherWords[word];
  return popoloClasses.find((name) => name === word || name === `${word}s`);
}

/** The objects in a list. */
export const listOf = (value: unknown): Data[] =>
  Array.isArray(value) ? value.filter(isData) : [];

// Private:

const otherWords: Record<string, PopoloClass> = {
  people: 'persons',
  party: 'organizations',
  parties: 'organizations',
  constituency: 'areas',
  constituencies: 'areas',
};

/** Fields with lists of objects, and the field of those that refers to the parent. */
const lists: Partial<Record<PopoloClass, Record<string, [PopoloClass, string?]>>> = {
  persons: { memberships: ['memberships', 'person_id'] },
  organizations: {
    memberships: ['memberships', 'organization_id'],
    posts: ['posts', 'organization_id'],
    children: ['organizations', 'parent_id'],
    events: ['events', 'organization_id'],
    legislative_periods: ['events', 'organization_id'],
  },
  posts: { memberships: ['memberships', 'post_id'] },
  areas: {
    children: ['areas', 'parent_id'],
    organizations: ['organizations', 'area_id'],
    posts: ['posts', 'area_id'],
    memberships: ['memberships', 'area_id'],
  },
};

/** Fields with an object in place of its id; undefined if its class varies. */
const objects: Record<string, PopoloClass | undefined> = {
  person: 'persons',
  organization: 'organizations',
  on_behalf_of: 'organizations',
  post: 'posts',
  area: 'areas',
  legislative_period: 'events',
  parent: undefined,
  member: undefined,
};

/** Organizations, areas and posts without an id are identified by name within the file; people are not. */
function nameWithoutId(name: PopoloClass, data: Data): void {
  if (textOf(data['id']) !== undefined || name === 'persons' || name === 'memberships') return;
  const own = textIn(data['name']) ?? textIn(data['label']) ?? textIn(data['role']);
  const { organization } = data;
  const whose =
    textOf(data['organization_id']) ??
    textOf(isData(organization) ? organization['id'] : undefined);
  if (own !== undefined)
    data['id'] = `name:${whose === undefined || name !== 'posts' ? own : `${own} (${whose})`}`;
}

const isReference = (data: Data): boolean =>
  Object.keys(data).every((field) => /^@?(id|type|url)$|_id$/.test(field));
