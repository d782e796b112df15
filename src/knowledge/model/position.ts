import { position, reference } from '../../database/tables/index.js';
import { anyOf, referencedIs, heldAsOf, yearOf, type AsOf } from '../reading/conditions.js';
import { defineCollection, type RowOf } from '../reading/collection.js';
import type { Bind } from '../reading/keys.js';

const columns = {
  id: position.id,
  personId: position.personId,
  organizationId: position.organizationId,
  title: position.title,
  kind: position.kind,
  start: position.start,
  end: position.end,
  publicationStatus: position.status,
  createdAt: position.createdAt,
  updatedAt: position.updatedAt,
};

export type PositionRecord = RowOf<typeof columns>;

/** All conditions must match; a list matches any of its values. */
export interface PositionFilter {
  kind?: PositionRecord['kind'][] | undefined;
  person?: string[] | undefined;
  organization?: string[] | undefined;
  asOf?: AsOf | undefined;
  referenced?: boolean | undefined;
}

/** Conditions on positions in a list, and on the positions of a person. */
export const positionConditions = (
  { kind, person, organization, asOf, referenced }: PositionFilter,
  bind: Bind,
) => [
  anyOf(position.kind, kind, bind),
  anyOf(position.personId, person, bind),
  anyOf(position.organizationId, organization, bind),
  heldAsOf(position, asOf, bind),
  referencedIs(referenced, reference.positionId, position.id),
];

export const positions = defineCollection({
  name: 'positions',
  id: position.id,
  live: position.live,
  columns,
  source: position,
  orders: { START: { column: position.startSort, type: 'date' }, CREATED_AT: null },
  parents: { person: [position.personId], organization: [position.organizationId] },
  groups: {
    KIND: { value: position.kind },
    TITLE: { value: position.title },
    PERSON: { value: position.personId, isEntity: true },
    ORGANIZATION: { value: position.organizationId, isEntity: true },
    START_YEAR: { value: yearOf(position.start) },
    END_YEAR: { value: yearOf(position.end) },
  },
  conditions: positionConditions,
  consults: [reference],
});
