/** What an entity is connected with, looked up for many entities at once. */
import { sql, type SQL } from 'drizzle-orm';
import { keyText, type Batcher, type Key } from '../reading/batcher.js';
import { dependency } from '../reading/dependency.js';
import { askedTable, keyArrays } from '../reading/keys.js';
import type { ParameterType } from '../reading/parameters.js';
import type { Queries } from '../reading/queries.js';
import type { View } from '../reading/view.js';
import {
  links,
  officeStoodAsOf,
  tablesConsulted,
  type EntityType,
  type FactType,
  type Relation,
} from './relations.js';

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

/** The edges of an entity to others, one for each of them. */
export interface EdgesOf {
  edges: Edge[];
  /** The relations of which only the first `mostOfOne` edges were read. */
  cut: Relation[];
  /** How many rows were read for it. */
  cost: number;
}

export interface EdgeOptions {
  via: readonly Relation[];
  asOf?: string | undefined;
  /** So many edges of one relation in one direction are read of an entity. */
  mostOfOne: number;
}

export class Edges {
  readonly #queries: Queries;
  readonly #batcher: Batcher;

  constructor(queries: Queries, batcher: Batcher) {
    this.#queries = queries;
    this.#batcher = batcher;
  }

  /** @param type Of the entity: what cannot stand at such an end is not looked for. */
  async of(view: View, { id, type }: Vertex, options: EdgeOptions): Promise<EdgesOf> {
    for (const table of tablesConsulted) view.reads?.add(dependency.table(table));
    const { via, asOf, mostOfOne } = options;
    const parameters = [id, String(mostOfOne + 1), ...(asOf === undefined ? [] : [asOf])];
    const used = links.flatMap(({ relation, types }, link) =>
      [false, true]
        .filter((inverse) => via.includes(relation) && types[inverse ? 1 : 0].includes(type))
        .map((inverse): Direction => ({ link, inverse })),
    );
    if (used.length === 0) return { edges: [], cut: [], cost: 1 };
    const shape = `${view.rights} edges ${used.map(({ link, inverse }) => `${link}${inverse ? 'i' : ''}`).join()} ${asOf === undefined ? '' : 'as of'}`;
    const rows = await this.#batcher.load(
      shape,
      (keys) => this.#fetch(shape, keys, used, asOf !== undefined),
      keyText(parameters),
      parameters,
    );
    return edgesOf(id, rows ?? [], mostOfOne);
  }

  // Private:

  async #fetch(
    shape: string,
    keys: readonly Key[],
    used: readonly Direction[],
    isDated: boolean,
  ): Promise<Row[][]> {
    const types: ParameterType[] = isDated ? ['uuid', 'text', 'text'] : ['uuid', 'text'];
    const rows = await this.#queries.run<Row & { n: number }>(
      shape,
      (db) =>
        db
          .select({
            n: sql<number>`asked.n::int`,
            link: sql<number>`found.link`,
            inverse: sql<boolean>`found.inverse`,
            count: sql<number>`found.count::int`,
            ends: sql<string>`found.ends`,
          })
          .from(askedTable(types))
          .innerJoinLateral(sql`(${rowsOf(used, isDated)}) as found`, sql`true`),
      keyArrays(keys, types),
    );
    const lists: Row[][] = keys.map(() => []);
    for (const row of rows) lists[row.n - 1]?.push(row);
    return lists;
  }
}

// Private:

/** The edges of one link in one direction. */
interface Row extends Direction {
  count: number;
  /** One after the other: two letters of the other entity's type, its key, and that of the fact. */
  ends: string;
}

interface Direction {
  /** The place of the link in `links`. */
  link: number;
  inverse: boolean;
}

/** Each link read by its own index, up to a limit. */
function rowsOf(used: readonly Direction[], isDated: boolean): SQL {
  const date = sql`partial_date_range(asked.p2)`;
  const branches = used.flatMap(({ link: n, inverse }) => {
    const link = links[n];
    if (!link) return [];
    const [own, other] = inverse ? [link.to, link.from] : [link.from, link.to];
    const during = link.during && sql`${link.during} && ${date}`;
    const held = during ?? (link.fact === 'Office' ? officeStoodAsOf(date) : undefined);
    const dated = isDated && held ? sql` and ${held}` : sql``;
    return [
      sql`select ${sql.raw(String(n))} as link, ${sql.raw(String(inverse))} as inverse,
          count(*) as count, coalesce(string_agg(left(e.type::text, 2) || e.id::text || f.fact::text, ''), '') as ends
        from (select ${other} as other, ${link.id} as fact from ${link.rows}
          where ${own} = asked.p0 and ${other} is not null and ${link.where}${dated}
          limit asked.p1::int) f
        left join entity e on e.id = f.other and e.live
        having count(*) > 0`,
    ];
  });
  return sql.join(branches, sql` union all `);
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
function edgesOf(from: string, rows: readonly Row[], mostOfOne: number): EdgesOf {
  const edges = new Map<string, Edge>();
  const cut = new Set<Relation>();
  let cost = 1;
  for (const { link: n, inverse, count, ends } of rows.toSorted(byLink)) {
    const link = links[n];
    if (!link) continue;
    const { relation, fact } = link;
    cost += count;
    if (count > mostOfOne) cut.add(relation);
    for (let at = 0; at < ends.length; at += typeLength + 2 * keyLength) {
      const type = types[ends.slice(at, at + typeLength)];
      const [start, middle] = [at + typeLength, at + typeLength + keyLength];
      const to = ends.slice(start, middle);
      const factId = ends.slice(middle, middle + keyLength);
      const other = edges.get(to);
      const isBetter = !other || (other.relation === relation && factId < other.factId);
      if (!type || !isBetter || to === from) continue;
      edges.set(to, { from, to, relation, isInverse: inverse, fact, factId, type });
    }
  }
  return { edges: [...edges.values()], cut: [...cut], cost };
}

const byLink = (a: Row, b: Row): number => a.link - b.link || Number(a.inverse) - Number(b.inverse);
