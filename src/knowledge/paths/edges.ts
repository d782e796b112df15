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
  type FactType,
  type Link,
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

  async of(view: View, id: string, options: EdgeOptions): Promise<EdgesOf> {
    for (const table of tablesConsulted) view.reads?.add(dependency.table(table));
    const { via, asOf, mostOfOne } = options;
    const parameters = [id, String(mostOfOne + 1), ...(asOf === undefined ? [] : [asOf])];
    const used = links.filter(({ relation }) => via.includes(relation));
    const shape = `${view.rights} edges ${used.map((link) => links.indexOf(link)).join()} ${asOf === undefined ? '' : 'as of'}`;
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
    used: readonly Link[],
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
interface Row {
  /** The place of the link in `links`. */
  link: number;
  inverse: boolean;
  count: number;
  /** The keys of the other entity and of the fact, one after the other: texts of 36 letters. */
  ends: string;
}

/** Each link in both directions, each read by its own index up to a limit. */
function rowsOf(used: readonly Link[], isDated: boolean): SQL {
  const date = sql`partial_date_range(asked.p2)`;
  const branches = used.flatMap((link) =>
    [false, true].map((inverse) => {
      const [own, other] = inverse ? [link.to, link.from] : [link.from, link.to];
      const during = link.during && sql`${link.during} && ${date}`;
      const held = during ?? (link.fact === 'Office' ? officeStoodAsOf(date) : undefined);
      const dated = isDated && held ? sql` and ${held}` : sql``;
      return sql`select ${sql.raw(String(links.indexOf(link)))} as link, ${sql.raw(String(inverse))} as inverse,
          count(*) as count, coalesce(string_agg(e.id::text || f.fact::text, ''), '') as ends
        from (select ${other} as other, ${link.id} as fact from ${link.rows}
          where ${own} = asked.p0 and ${other} is not null and ${link.where}${dated}
          limit asked.p1::int) f
        left join entity e on e.id = f.other and e.live
        having count(*) > 0`;
    }),
  );
  return sql.join(branches, sql` union all `);
}

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
    for (let at = 0; at < ends.length; at += 2 * keyLength) {
      const to = ends.slice(at, at + keyLength);
      const factId = ends.slice(at + keyLength, at + 2 * keyLength);
      const other = edges.get(to);
      const isBetter = !other || (other.relation === relation && factId < other.factId);
      if (isBetter && to !== from)
        edges.set(to, { from, to, relation, isInverse: inverse, fact, factId });
    }
  }
  return { edges: [...edges.values()], cut: [...cut], cost };
}

const byLink = (a: Row, b: Row): number => a.link - b.link || Number(a.inverse) - Number(b.inverse);
