/** The objects of a Popolo file: of which class they are, and which are given within others. */
import { isData } from '../../records/validate.js';
import type { Told } from '../incoming.js';
import { textOf } from './tidy.js';

type Data = Record<string, unknown>;

/** The classes of Popolo that have records here. */
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
  origin: Told['origin'];
  class: PopoloClass;
  data: Data;
  /** Whether it was given within another object. */
  isEmbedded?: boolean;
}

/** Objects that are given within another one, as that allows: a person's memberships. */
export function embeddedIn(object: PopoloObject): PopoloObject[] {
  const { origin, class: name, data } = object;
  const embedded: PopoloObject[] = [];
  const add = (inner: PopoloClass, value: unknown, link: Data) => {
    for (const each of listOf(value)) {
      const child = { origin, class: inner, data: { ...link, ...each }, isEmbedded: true };
      embedded.push(child, ...embeddedIn(child));
    }
  };
  const id = data['id'];
  if (name === 'persons') add('memberships', data['memberships'], { person_id: id });
  if (name === 'organizations' || name === 'posts') {
    const link = name === 'posts' ? { post_id: id } : { organization_id: id };
    add('memberships', data['memberships'], link);
    if (name === 'organizations') add('posts', data['posts'], link);
  }
  for (const [field, inner] of Object.entries(objectFields)) {
    const value = data[field];
    if (!isData(value)) continue;
    if (data[`${field}_id`] === undefined) data[`${field}_id`] = value['id'];
    add(inner, [value], {});
  }
  return embedded;
}

/** The class of an object in a file of one a line, by its own word or by its fields. */
export function classOf(data: Data): PopoloClass | undefined {
  const word = textOf(data['@type'] ?? data['_type'] ?? data['type'])?.toLowerCase();
  const named = popoloClasses.find((name) => name === word || name === `${word}s`);
  if (named) return named;
  if (word === 'people') return 'persons';
  if ('person_id' in data || 'on_behalf_of_id' in data) return 'memberships';
  if ('label' in data && 'organization_id' in data) return 'posts';
  const isPerson = ['given_name', 'family_name', 'birth_date', 'gender'].some(
    (field) => field in data,
  );
  return isPerson ? 'persons' : undefined;
}

/** The objects in a value that should be a list of them. */
export const listOf = (value: unknown): Data[] =>
  Array.isArray(value) ? value.filter(isData) : [];

// Private:

const objectFields: Record<string, PopoloClass> = {
  person: 'persons',
  organization: 'organizations',
  on_behalf_of: 'organizations',
  post: 'posts',
  area: 'areas',
};
