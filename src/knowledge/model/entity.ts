/**
 * Reads entities: organizations, people, offices and places.
 *
 * One statement reads all four types, so that the places of some offices and the organizations they
 * are accredited to are read together.
 */
import { and, eq, getTableName, sql } from 'drizzle-orm';
import { coalesce, literal } from '../../database/sql.js';
import {
  entity,
  entityIdentifier,
  entityName,
  office,
  organization,
  person,
  place,
} from '../../database/tables/index.js';
import {
  entityFields,
  officeFields,
  organizationFields,
  personFields,
  placeFields,
} from './entityFields.js';
import type { OfficeRecord } from './office.js';
import type { OrganizationRecord } from './organization.js';
import { readIdentifier } from '../values/identifiers.js';
import { heldAsOf, type AsOf } from '../reading/conditions.js';
import type { PersonRecord } from './person.js';
import type { PlaceRecord } from './place.js';
import type { Batcher } from '../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../reading/batchedQuery.js';
import { keyNumber, keyParameter, keysTable, type Bind } from '../reading/keys.js';
import { defineCollection, type RowOf } from '../reading/collection.js';
import { dependency, type View } from '../reading/view.js';
import { Parts } from '../reading/parts.js';
import type { SelectedColumns } from '../reading/selectedColumns.js';
import type { Queries } from '../reading/queries.js';
import { Reader } from '../reading/reader.js';

export type EntityRecord = OrganizationRecord | PersonRecord | OfficeRecord | PlaceRecord;

/** The id or the slug of a record. */
export type RecordRef = { id: string } | { slug: string };

const entities = defineCollection({
  name: 'entities',
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
    { table: organization, from: entity.id, to: organization.id },
    { table: person, from: entity.id, to: person.id },
    { table: office, from: entity.id, to: office.id },
    { table: place, from: entity.id, to: place.id },
  ],
  redirected: true,
  orders: { NAME: { column: entity.sortName, type: 'text' }, CREATED_AT: null },
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
  order: [entityName.id],
  conditions: ({ asOf }: { asOf?: AsOf | undefined }, bind: Bind) => [
    heldAsOf(entityName, asOf, bind),
  ],
};

const identifiers = {
  name: 'entity identifiers',
  table: entityIdentifier,
  of: entityIdentifier.entityId,
  columns: {
    scheme: entityIdentifier.scheme,
    value: entityIdentifier.value,
    source: entityIdentifier.source,
  },
  order: [
    entityIdentifier.scheme,
    entityIdentifier.value,
    sql`${entityIdentifier.source} nulls first`,
  ],
};

/** The fields of single types of entities, in groups named after the type. */
const groups = {
  ORGANIZATION: 'organization',
  PERSON: 'person',
  OFFICE: 'office',
  PLACE: 'place',
} as const;

/**
 * The columns for a selection of fields: common ones, and `office.kind` or `place.kind` for a field
 * of some types.
 *
 * @param type The type to read; default: any.
 */
const selectedColumns = perWanted(
  (wanted: SelectedColumns, type?: EntityRecord['type']): SelectedColumns => {
    const of = type ? [groups[type]] : Object.values(groups);
    const columns = wanted.flatMap((field) =>
      field in entityFields
        ? [field]
        : of
            .filter((group) => field in entities.columns[group])
            .map((group) => `${group}.${field}`),
    );
    return [...new Set(['type', ...columns])].sort();
  },
);

export class Entities {
  readonly #runner: QueryRunner;
  readonly #reader;
  readonly names;
  readonly identifiers;

  constructor(queries: Queries, batcher: Batcher) {
    this.#runner = { queries, batcher };
    this.#reader = new Reader(queries, batcher, entities, flat);
    this.names = new Parts(queries, batcher, names);
    this.identifiers = new Parts(queries, batcher, identifiers);
  }

  /**
   * The entity with this id; undefined if the viewer may see none.
   *
   * @param type The expected type; fields of other types are not read.
   */
  get(
    view: View,
    id: string,
    wanted?: SelectedColumns,
    type?: EntityRecord['type'],
  ): Promise<EntityRecord | undefined> {
    return this.#reader.get(view, id, wanted && selectedColumns(wanted, type));
  }

  /** The entity with this slug, or the one that it was merged into. */
  bySlug(
    view: View,
    slug: string,
    wanted?: SelectedColumns,
    type?: EntityRecord['type'],
  ): Promise<EntityRecord | undefined> {
    return this.#reader.bySlug(view, slug, wanted && selectedColumns(wanted, type));
  }

  /**
   * The entity with an identifier: `byIdentifier(view, 'wikidata', 'Q7184')`; 'several' if entities
   * of several types have the identifier within its source.
   */
  async byIdentifier(
    view: View,
    scheme: string,
    value: string,
    { source, type }: { source?: string | undefined; type?: EntityRecord['type'] | undefined } = {},
    wanted?: SelectedColumns,
  ): Promise<EntityRecord | 'several' | undefined> {
    view.reads?.add(dependency.table(getTableName(entityIdentifier)));
    const given = { scheme, value, source: source ?? null };
    const identifier = readIdentifier(given, { source: null, trusted: new Set() });
    const key = [identifier.scheme, identifier.value, source ?? ''];
    const owners = await identified(this.#runner, key);
    const found = await Promise.all(owners.map(({ id }) => this.get(view, id, wanted)));
    const visible = found.filter((each) => each && (type === undefined || each.type === type));
    return visible.length > 1 ? 'several' : visible[0];
  }

  /** The entity with this id or slug if it is of this type: `as(view, 'PLACE', { id })`. */
  async as<Type extends EntityRecord['type']>(
    view: View,
    type: Type,
    ref: RecordRef,
    wanted?: SelectedColumns,
  ): Promise<Extract<EntityRecord, { type: Type }> | undefined> {
    const entity = await ('id' in ref
      ? this.get(view, ref.id, wanted, type)
      : this.bySlug(view, ref.slug, wanted, type));
    return entity?.type === type ? (entity as Extract<EntityRecord, { type: Type }>) : undefined;
  }
}

// Private:

const { entityId, scheme, value, source } = entityIdentifier;
const identifierTypes = ['text', 'text', 'text'] as const;

/** The entities that have an identifier: scheme, value and source. */
const identified = batchedQuery<KeyedRow & { id: string }>({
  name: 'entities by identifier',
  types: identifierTypes,
  build: (db) =>
    db
      .select({ id: entityId, $n: keyNumber })
      .from(keysTable(identifierTypes))
      .innerJoin(
        entityIdentifier,
        and(
          eq(scheme, keyParameter(0)),
          eq(value, keyParameter(1)),
          eq(coalesce(source, literal('')), keyParameter(2)),
        ),
      ),
});

/** Memoizes by the list of fields, which are shared objects. */
function perWanted(
  workOut: (wanted: SelectedColumns, type?: EntityRecord['type']) => SelectedColumns,
): typeof workOut {
  const known = new WeakMap<
    SelectedColumns,
    Map<EntityRecord['type'] | undefined, SelectedColumns>
  >();
  return (wanted, type) => {
    let byType = known.get(wanted);
    if (!byType) {
      byType = new Map<EntityRecord['type'] | undefined, SelectedColumns>();
      known.set(wanted, byType);
    }
    let columns = byType.get(type);
    if (!columns) byType.set(type, (columns = workOut(wanted, type)));
    return columns;
  };
}

/** An entity with the common fields and those of its type. */
function flat(row: object): EntityRecord {
  const { type } = row as EntityRecord;
  return Object.assign(row, (row as Record<string, object | null>)[groups[type]]) as EntityRecord;
}
