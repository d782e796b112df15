/** The fields of Popolo's objects that are imported; others are counted as skipped. */
import { nameParts } from './popoloNames.js';
import type { PopoloClass } from './popoloObjects.js';

/** Fields with translations, such as `name_de`. */
export const translated = [
  'name',
  'summary',
  'description',
  'biography',
  'label',
  'role',
  'classification',
];

const object = ['id', 'type', '@type', '_type', '@id'];
const entity = [
  ...object,
  'name',
  'names',
  'other_names',
  'links',
  'contact_details',
  'identifiers',
  'url',
  'website',
];

const nameFields = [...nameParts, 'honorific_prefix'];

/** Lists of objects, and the imported fields of their items. */
export const itemFields: Record<string, ReadonlySet<string>> = {
  identifiers: new Set(['scheme', 'identifier']),
  links: new Set(['url', 'note']),
  // Items without a web address are counted as a whole.
  contact_details: new Set(['type', 'value', 'label', 'note']),
  other_names: new Set([
    'name',
    'lang',
    'language',
    'note',
    'start_date',
    'end_date',
    ...nameFields,
  ]),
};

/** Fields that are imported, or counted by value. */
export const importedFields: Record<PopoloClass, ReadonlySet<string>> = {
  persons: new Set([...entity, ...nameFields, 'honorific_suffix', 'birth_date', 'death_date']),
  organizations: new Set([...entity, 'classification', 'parent_id', 'area_id']),
  areas: new Set([...entity, 'classification', 'parent_id']),
  events: new Set([
    ...object,
    'name',
    'description',
    'classification',
    'start_date',
    'end_date',
    'organization_id',
  ]),
  memberships: new Set([
    ...object,
    'label',
    'role',
    'person_id',
    'member_id',
    'organization_id',
    'post_id',
    'area_id',
    'on_behalf_of_id',
    'legislative_period_id',
    'start_date',
    'end_date',
  ]),
  posts: new Set([...object, 'label', 'role', 'organization_id', 'area_id']),
};
