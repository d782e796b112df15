/** What an entity is connected with, looked up for many entities at once. */
import { sql } from 'drizzle-orm';
import { literal } from '../../../database/sql.js';
import type { Batcher } from '../../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../../reading/batchedQuery.js';
import { dependency, type View } from '../../reading/view.js';
import { keyNumber, keyParameter, uuidArray, type ParameterType } from '../../reading/keys.js';
import type { AsOf } from '../../reading/conditions.js';
import type { Queries } from '../../reading/queries.js';
import {
  between,
  entityTypes,
  fromAny,
  maxScanned,
  maxPerSource,
  ofOne,
  rowsOf,
  type EdgeRequest,
  type Direction,
} from './edgeRows.js';
import { links, tablesConsulted } from './links.js';
import type { EntityType, FactType, Relation } from './relations.js';

/** One entity is connected with another, as a record says. */
export interface Edge {
  from: string;
  to: string;
  relation: Relation;
  /** Whether the relation leads from `to` to `from`: the person is `to` and the organization `from`. */
  isInverse: boolean;
  fact: FactType;
  factId: string;
  /** Of `to`. */
  type: EntityType;
}

/** An entity of which edges are wanted. */
export interface Vertex {
  id: string;
  type: EntityType;
}

/** The edges of one or more entities to others, one for each two of them. */
export interface EdgesOf {
  edges: Edge[];
  /** The relations of which only the first `mostOfOne` edges were read. */
  cut: Relation[];
  /** How many rows were read for it. */
  cost: number;
}

export interface EdgeOptions {
  via: readonly Relation[];
  asOf?: AsOf | undefined;
  /** So many edges of one relation in one direction are read of an entity. */
  maxPerVertex: number;
}

export class Edges {
  readonly #runner: QueryRunner;

  constructor(queries: Queries, batcher: Batcher) {
    this.#runner = { queries, batcher };
  }

  /** The edges of an entity in both directions. */
  async of(view: View, vertex: Vertex, options: EdgeOptions): Promise<EdgesOf> {
    return this.#of(view, vertex, options, [false, true]);
  }

  /** The edges that lead to an entity, such as those of all its members: there may be very many. */
  async into(view: View, vertex: Vertex, options: EdgeOptions): Promise<EdgesOf> {
    return this.#of(view, vertex, options, [true]);
  }

  /**
   * The edges that lead from any of the entities, such as those of their posts: mostly few.
   *
   * @param to Only edges to these entities.
   */
  async from(
    view: View,
    vertices: readonly Vertex[],
    { via, asOf }: EdgeOptions,
    to?: readonly Vertex[],
  ): Promise<EdgesOf> {
    noteReads(view);
    const used = links.flatMap(({ relation, types }, link) =>
      via.includes(relation) && (to || vertices.some(({ type }) => types[0].includes(type)))
        ? [{ link, inverse: false }]
        : [],
    );
    if (used.length === 0) return { edges: [], cut: [], cost: 1 };
    const keys = entityTypes.map((type) =>
      uuidArray(vertices.flatMap((vertex) => (vertex.type === type ? [vertex.id] : []))),
    );
    if (to) {
      const withEnds = [...keys, uuidArray(to.map(({ id }) => id))];
      const rows = await this.#load('edges between', used, asOf, withEnds, between);
      return edgesOf(rows, maxScanned, new Map(to.map(({ id, type }) => [id, type])));
    }
    return edgesOf(await this.#load('edges from', used, asOf, keys, fromAny), maxPerSource);
  }

  // Private:

  async #of(
    view: View,
    { id, type }: Vertex,
    { via, asOf, maxPerVertex: mostOfOne }: EdgeOptions,
    directions: readonly boolean[],
  ): Promise<EdgesOf> {
    noteReads(view);
    // What cannot stand at such an end is not looked for.
    const used = links.flatMap(({ relation, types }, link) =>
      directions
        .filter((inverse) => via.includes(relation) && types[inverse ? 1 : 0].includes(type))
        .map((inverse): Direction => ({ link, inverse })),
    );
    if (used.length === 0) return { edges: [], cut: [], cost: 1 };
    const keys = [id, String(mostOfOne + 1)];
    const rows = await this.#load('edges of', used, asOf, keys, ofOne);
    return edgesOf(rows, mostOfOne);
  }

  #load(
    name: string,
    used: readonly Direction[],
    asOf: AsOf | undefined,
    keys: readonly string[],
    request: EdgeRequest,
  ): Promise<Row[]> {
    const date = asOf && { date: keyParameter(keys.length), certainly: asOf.certainly };
    const types: ParameterType[] = date ? [...request.types, 'text'] : [...request.types];
    const directions = used.map(({ link, inverse }) => `${link}${inverse ? 'i' : ''}`).join();
    const query = batchedQuery<Row>({
      name: `${name} ${directions} ${date ? `as of ${date.certainly ? 'certainly' : ''}` : ''}`,
      types,
      build: (db) =>
        db
          .select({
            $n: keyNumber,
            link: sql<number>`found.link`,
            inverse: sql<boolean>`found.inverse`,
            count: sql<number>`found.count::int`,
            ends: sql<string>`found.ends`,
          })
          .from(request.table(types))
          .innerJoinLateral(sql`(${rowsOf(used, request, date)}) as found`, literal(true)),
    });
    return query(this.#runner, asOf ? [...keys, asOf.date] : keys);
  }
}

// Private:

/** The edges of one link in one direction. */
interface Row extends Direction, KeyedRow {
  count: number;
  /** One after the other: two letters of the other entity's type where that is not known, and the keys of both and of the fact. */
  ends: string;
}

/** Types as `ends` has them, by their first letters. */
const types: Record<string, EntityType> = {
  OR: 'ORGANIZATION',
  PE: 'PERSON',
  OF: 'OFFICE',
  PL: 'PLACE',
};
const typeLength = 2;
const keyLength = 36;

/** Of several facts that say the same, the first relation and then the oldest record stands for all. */
function edgesOf(
  rows: readonly Row[],
  most: number,
  known?: ReadonlyMap<string, EntityType>,
): EdgesOf {
  const edges = new Map<string, Edge>();
  const cut = new Set<Relation>();
  let cost = 1;
  for (const { link: n, inverse, count, ends } of rows.toSorted(byLink)) {
    const link = links[n];
    if (!link) continue;
    const { relation, fact } = link;
    cost += count;
    if (count > most) cut.add(relation);
    for (let at = 0; at < ends.length; at += typeLength + 3 * keyLength) {
      const [from = '', to = '', factId = ''] = [0, 1, 2].map((i) =>
        ends.slice(at + typeLength + i * keyLength, at + typeLength + (i + 1) * keyLength),
      );
      const type = known ? known.get(to) : types[ends.slice(at, at + typeLength)];
      const key = from + to;
      const other = edges.get(key);
      const isBetter = !other || (other.relation === relation && factId < other.factId);
      if (!type || !isBetter || to === from) continue;
      edges.set(key, { from, to, relation, isInverse: inverse, fact, factId, type });
    }
  }
  return { edges: [...edges.values()], cut: [...cut], cost };
}

const byLink = (a: Row, b: Row): number => a.link - b.link || Number(a.inverse) - Number(b.inverse);

function noteReads({ reads }: View): void {
  for (const table of tablesConsulted) reads?.add(dependency.table(table));
}
