/** In which ways entities are connected. */
import type { EntityRecord } from '../../model/entity.js';

export const relations = [
  'POSITION',
  'MEMBERSHIP',
  'OFFICE',
  'ACCREDITATION',
  'STATEMENT_ABOUT',
  'ON_BEHALF_OF',
  'AUDIENCE',
  'EVENT',
  'PARENT',
  'WITHIN',
  'HOME',
  'CO_MENTION',
] as const;

export type Relation = (typeof relations)[number];

/** Those by which entities are connected unless the request names others. */
export const usualRelations = relations.filter((relation) => relation !== 'CO_MENTION');

/** The record on which a connection rests. */
export type FactType =
  | 'Position'
  | 'Membership'
  | 'Office'
  | 'Statement'
  | 'Organization'
  | 'Place'
  | 'Event'
  | 'Article';

export type EntityType = EntityRecord['type'];

/** Relations that are the same in both directions. */
export const symmetric: ReadonlySet<Relation> = new Set(['EVENT', 'CO_MENTION']);
