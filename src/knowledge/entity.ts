/**
 * Entities: organizations, people, offices and places, wherever it does not matter which.
 *
 * One statement answers for all four kinds, so that the places of some offices and the
 * organizations they are accredited to come together.
 */
import { and, eq, sql } from 'drizzle-orm';
import type { Queryable } from '../database/database.js';
import {
  entity,
  entityIdentifier,
  entityName,
  office,
  organization,
  person,
  place,
} from '../database/tables/index.js';
import {
  entityFields,
  officeFields,
  organizationFields,
  personFields,
  placeFields,
} from './entityFields.js';
import type { OfficeRecord } from './office.js';
import type { OrganizationRecord } from './organization.js';
import { heldAsOf } from './reading/period.js';
import type { PersonRecord } from './person.js';
import type { PlaceRecord } from './place.js';
import type { Batcher } from './reading/batcher.js';
import { defineCollection, type RowOf } from './reading/collection.js';
import { texts } from './reading/keys.js';
import { Parts } from './reading/parts.js';
import { Reader } from './reading/reader.js';

export type EntityRecord = OrganizationRecord | PersonRecord | OfficeRecord | PlaceRecord;

/** How people name a record: by its key or by its slug. */
export type RecordRef = { id: string } | { slug: string };

const entities = defineCollection({
  name: 'entities',
  table: sql`${entity}`,
  id: entity.id,
  live: entity.live,
  columns: {
    ...entityFields,
    organization: organizationFields,
    person: personFields,
    office: officeFields,
    place: placeFields,
  },
  source: entity,
  joins: [
    [organization, eq(organization.id, entity.id)],
    [person, eq(person.id, entity.id)],
    [office, eq(office.id, entity.id)],
    [place, eq(place.id, entity.id)],
  ],
  redirected: true,
  orders: { NAME: { column: entity.sortName, type: 'text' }, ADDED: null },
  parents: {},
  conditions: () => [],
});

const nameColumns = {
  name: entityName.name,
  language: entityName.language,
  kind: entityName.kind,
  start: entityName.start,
  end: entityName.end,
};

export type EntityNameRecord = RowOf<typeof nameColumns>;

const names = {
  name: 'entity names',
  table: entityName,
  of: entityName.entityId,
  columns: nameColumns,
  order: [sql`${entityName.id}`],
  conditions: ({ asOf }: { asOf?: string | undefined }) => [heldAsOf(entityName.during, asOf)],
};

const identifiers = {
  name: 'entity identifiers',
  table: entityIdentifier,
  of: entityIdentifier.entityId,
  columns: { scheme: entityIdentifier.scheme, value: entityIdentifier.value },
  order: [sql`${entityIdentifier.scheme}`, sql`${entityIdentifier.value}`],
};

export class Entities {
  readonly #db: Queryable;
  readonly #batcher: Batcher;
  readonly #reader;
  readonly names;
  readonly identifiers;

  constructor(db: Queryable, batcher: Batcher) {
    this.#db = db;
    this.#batcher = batcher;
    this.#reader = new Reader(db, batcher, entities);
    this.names = new Parts(db, batcher, names);
    this.identifiers = new Parts(db, batcher, identifiers);
  }

  /** The entity with this key, or undefined where there is none that readers may see. */
  async get(id: string): Promise<EntityRecord | undefined> {
    return flat(await this.#reader.get(id));
  }

  /** The entity with this slug, or the one into which it was merged. */
  async bySlug(slug: string): Promise<EntityRecord | undefined> {
    return flat(await this.#reader.bySlug(slug));
  }

  /** The entity that another register calls so: `byIdentifier('wikidata', 'Q7184')`. */
  async byIdentifier(scheme: string, value: string): Promise<EntityRecord | undefined> {
    const id = await this.#batcher.load(
      `entities by ${scheme}`,
      value,
      (values) => this.#fetchIdentified(scheme, values),
      'keys of clients',
    );
    return id === undefined ? undefined : this.get(id);
  }

  /** The entity with this key or slug where it is of this type: `as('PLACE', { id })`. */
  async as<Type extends EntityRecord['type']>(
    type: Type,
    ref: RecordRef,
  ): Promise<Extract<EntityRecord, { type: Type }> | undefined> {
    const entity = await this.find(ref);
    return entity?.type === type ? (entity as Extract<EntityRecord, { type: Type }>) : undefined;
  }

  find(ref: RecordRef): Promise<EntityRecord | undefined> {
    return 'id' in ref ? this.get(ref.id) : this.bySlug(ref.slug);
  }

  /** The keys of the entities named; those that nobody knows are left out. */
  async resolve(refs: readonly RecordRef[]): Promise<string[]> {
    const ids = await Promise.all(refs.map(async (ref) => (await this.find(ref))?.id));
    return ids.filter((id) => id !== undefined);
  }

  // Private:

  async #fetchIdentified(scheme: string, values: readonly string[]): Promise<Map<string, string>> {
    const { entityId, value } = entityIdentifier;
    const rows = await this.#db
      .select({ entityId, value })
      .from(entityIdentifier)
      .where(and(eq(entityIdentifier.scheme, scheme), sql`${value} = any(${texts(values)})`));
    return new Map(rows.map((row) => [row.value, row.entityId]));
  }
}

// Private:

function flat(row: RowOf<typeof entities.columns> | undefined): EntityRecord | undefined {
  if (!row) return undefined;
  const { organization, person, office, place, ...common } = row;
  const own = { ORGANIZATION: organization, PERSON: person, OFFICE: office, PLACE: place };
  return { ...common, ...own[common.type] } as EntityRecord;
}
