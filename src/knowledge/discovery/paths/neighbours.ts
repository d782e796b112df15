/** Who is connected with an entity: nodes and edges to draw a graph from. */
import type { AsOf } from '../../reading/conditions.js';
import type { View } from '../../reading/view.js';
import type { Edge, Edges, Vertex } from './edges.js';
import { usualRelations, type Relation } from './relations.js';

export interface NeighbourOptions {
  depth: number;
  /** So many neighbours of an entity at most. */
  limit: number;
  via?: readonly Relation[] | undefined;
  asOf?: AsOf | undefined;
}

export interface Neighbourhood {
  /** The keys of the entities, the requested one first. */
  nodes: string[];
  edges: Edge[];
  omitted: Omitted[];
}

/** Connections that were left out. */
export interface Omitted {
  node: string;
  count: number;
  /** Whether there may be more than were counted. */
  isLeast: boolean;
}

/** So many connections of one kind are read of an entity to count them. */
const maxCounted = 1000;

/** A neighbourhood has at most so many nodes, and as many edges. */
export const maxNeighbourhood = 1000;

/** How many nodes a neighbourhood may have, or edges, whichever are more. */
export const sizeOfNeighbourhood = (depth: number, limit: number): number =>
  Math.min((limit + maxRepeated(limit)) * (depth > 1 ? 1 + limit : 1), maxNeighbourhood);

export async function findNeighbours(
  edges: Edges,
  view: View,
  of: Vertex,
  { depth, limit, via = usualRelations, asOf }: NeighbourOptions,
): Promise<Neighbourhood> {
  const nodes = new Set([of.id]);
  const found = new Map<string, Edge>();
  const omitted: Omitted[] = [];
  let frontier = [of];
  for (let level = 0; level < depth; level++) {
    const lists = await Promise.all(
      frontier.map((vertex) => edges.of(view, vertex, { via, asOf, maxPerVertex: maxCounted })),
    );
    const reached: Vertex[] = [];
    // Where not all have room, each entity has the same.
    const share = (most: number) => Math.floor(most / frontier.length);
    const nodesOfEach = share(maxNeighbourhood - nodes.size);
    const edgesOfEach = share(maxNeighbourhood - found.size);
    frontier.forEach(({ id }, i) => {
      const { edges: read = [], cut = [] } = lists[i] ?? {};
      const all = read.toSorted(inOrder(via));
      // To what is drawn already a few more are drawn; of the rest each relation gets its turn.
      const among = all.filter((edge) => nodes.has(edge.to) && !found.has(keyOf(edge)));
      const repeated = among.slice(0, Math.min(maxRepeated(limit), Math.floor(edgesOfEach / 3)));
      const fresh = inTurns(all.filter(({ to }) => !nodes.has(to)));
      const room = Math.min(nodesOfEach, edgesOfEach - repeated.length);
      const shown = fresh.slice(0, Math.min(limit, room));
      for (const edge of [...repeated, ...shown]) found.set(keyOf(edge), edge);
      for (const { to, type } of shown) {
        nodes.add(to);
        reached.push({ id: to, type });
      }
      const count = fresh.length - shown.length + among.length - repeated.length;
      if (count > 0) omitted.push({ node: id, count, isLeast: cut.length > 0 });
    });
    frontier = reached;
  }
  return { nodes: [...nodes], edges: [...found.values()], omitted };
}

// Private:

/** So many more connections are drawn between an entity and those that are drawn already. */
const maxRepeated = (limit: number): number => Math.max(limit, 10);

/** PostgreSQL reads them in any order, which may be another the next time. */
const inOrder = (via: readonly Relation[]) => (a: Edge, b: Edge) =>
  via.indexOf(a.relation) - via.indexOf(b.relation) ||
  compareTexts(a.factId, b.factId) ||
  compareTexts(a.to, b.to);

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The first of each relation, then the second of each …, so that none crowds out the others. */
function inTurns(edges: readonly Edge[]): Edge[] {
  const turns = new Map<Relation, number>();
  return edges
    .map((edge) => {
      const turn = turns.get(edge.relation) ?? 0;
      turns.set(edge.relation, turn + 1);
      return { edge, turn };
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ edge }) => edge);
}

/** Equal for an edge read from either end. */
const keyOf = ({ from, to, factId, relation }: Edge): string =>
  `${[from, to].sort().join(' ')} ${relation} ${factId}`;
