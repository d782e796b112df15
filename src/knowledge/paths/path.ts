/**
 * The shortest chains between two entities.
 *
 * Both ends are widened in turn, always the one with less to widen, until they meet. Of an
 * entity with very many connections ("hub") only some are read: whoever is connected with it
 * is met from the other end.
 */
import type { View } from '../reading/view.js';
import type { Edge, Edges, Vertex } from './edges.js';
import { usualRelations, type Relation } from './relations.js';

export interface PathOptions {
  maxLength: number;
  /** So many chains at most. */
  limit: number;
  via?: readonly Relation[] | undefined;
  asOf?: string | undefined;
}

export interface Paths {
  outcome: 'FOUND' | 'NONE' | 'BUDGET_EXCEEDED';
  /** Chains of equal length, each from one end to the other; empty for an entity and itself. */
  chains: Edge[][];
  length: number | null;
  /** Whether everything was read that could have shown a shorter one. */
  isShortest: boolean;
}

/** How thoroughly is searched. */
interface Effort {
  /** So many connections of one kind are read of an entity. */
  mostOfOne: number;
  /** So many rows are read in all. */
  budget: number;
}

/** A first look, in which an entity with more connections is a hub. It finds most of what there is. */
const glance: Effort = { mostOfOne: 25, budget: 10_000 };
/** What is found so but might not be the shortest is worth a second look. */
const check: Effort = { mostOfOne: 100, budget: 1000 };
/** And what is not found a thorough one: about a fifth of a second of work. */
const quest: Effort = { mostOfOne: 500, budget: 15_000 };

export async function findPaths(
  edges: Edges,
  view: View,
  from: Vertex,
  to: Vertex,
  options: PathOptions,
): Promise<Paths> {
  if (from.id === to.id) return { outcome: 'FOUND', chains: [[]], length: 0, isShortest: true };
  const first = await search(edges, view, from, to, options, glance);
  if (first.isShortest || first.outcome === 'NONE') return first;
  const effort = first.outcome === 'FOUND' ? check : quest;
  const second = await search(edges, view, from, to, options, effort);
  const isBetter = second.isShortest || (second.length ?? Infinity) < (first.length ?? Infinity);
  return isBetter || first.outcome !== 'FOUND' ? second : first;
}

// Private:

async function search(
  edges: Edges,
  view: View,
  from: Vertex,
  to: Vertex,
  { maxLength, limit, via = usualRelations, asOf }: PathOptions,
  { mostOfOne, budget }: Effort,
): Promise<Paths> {
  const [ahead, behind] = [new Side(from), new Side(to)];
  const options = { via, asOf, mostOfOne };
  let left = budget;
  let best = Infinity;
  const meetings = new Map<string, number>();
  const isSettled = () => {
    const length = Math.min(best, maxLength);
    if (ahead.isExhausted || behind.isExhausted) return true;
    const isMet = ahead.level + behind.level >= length;
    return isMet && !ahead.owes(behind, length) && !behind.owes(ahead, length);
  };
  while (!isSettled() && left > 0) {
    const side = next(ahead, behind, Math.min(best, maxLength));
    if (!side) break;
    const other = side === ahead ? behind : ahead;
    const frontier = side.frontier;
    const reached: Edge[] = [];
    let isCut = false;
    for (let at = 0; at < frontier.length && left > 0;) {
      // As many at a time as can hardly overdraw the budget.
      const some = frontier.slice(at, at + Math.ceil(left / mostOfOne));
      at += some.length;
      for (const found of await Promise.all(
        some.map((vertex) => edges.of(view, vertex, options)),
      )) {
        left -= found.cost;
        isCut ||= found.cut.length > 0;
        reached.push(...found.edges);
      }
    }
    if (left <= 0) isCut = true;
    for (const { id } of side.widen(reached, isCut)) {
      const distance = other.distanceOf(id);
      if (distance === undefined || side.level + distance > maxLength) continue;
      meetings.set(id, side.level + distance);
      best = Math.min(best, side.level + distance);
    }
  }
  // A chain through a hub of either end could be met by neither.
  const isWhole = isSettled() && ahead.cutAt + behind.cutAt >= Math.min(best, maxLength);
  if (best === Infinity) {
    const outcome = isWhole ? 'NONE' : 'BUDGET_EXCEEDED';
    return { outcome, chains: [], length: null, isShortest: false };
  }
  const met = [...meetings].filter(([, length]) => length === best).map(([id]) => id);
  const chains = met.flatMap((id) => chainsThrough(id, ahead, behind, limit));
  return {
    outcome: 'FOUND',
    chains: distinct(chains).slice(0, limit),
    length: best,
    isShortest: isWhole,
  };
}

/** What was reached from one of the two ends. */
class Side {
  readonly #distances = new Map<string, number>();
  /** By which edges an entity was reached first. */
  readonly #reachedBy = new Map<string, Edge[]>();
  /** The entities that were reached last and not widened yet. */
  frontier: Vertex[];
  /** How far they are. */
  level = 0;
  /** How far the nearest hub is, of whose connections only some were read. */
  cutAt = Infinity;

  constructor(end: Vertex) {
    this.#distances.set(end.id, 0);
    this.frontier = [end];
  }

  distanceOf = (id: string): number | undefined => this.#distances.get(id);

  /** Nothing is left to widen. */
  get isDone(): boolean {
    return this.frontier.length === 0;
  }

  /** All that can be reached was, without any hub. */
  get isExhausted(): boolean {
    return this.isDone && this.cutAt === Infinity;
  }

  /** Whether this side has to go further for a hub of the other one, which cannot pass it. */
  owes(other: Side, length: number): boolean {
    return !this.isDone && this.level < length - other.cutAt;
  }

  /** Goes one step further; returns what was reached for the first time. */
  widen(edges: readonly Edge[], isCut: boolean): Vertex[] {
    if (isCut) this.cutAt = Math.min(this.cutAt, this.level);
    this.level++;
    const reached: Vertex[] = [];
    for (const edge of edges) {
      const known = this.#distances.get(edge.to);
      if (known === undefined) {
        this.#distances.set(edge.to, this.level);
        this.#reachedBy.set(edge.to, [edge]);
        reached.push({ id: edge.to, type: edge.type });
      } else if (known === this.level) this.#reachedBy.get(edge.to)?.push(edge);
    }
    this.frontier = reached;
    return reached;
  }

  /** The ways from the end of this side to an entity, at most so many, in a stable order. */
  waysTo(id: string, limit: number): Edge[][] {
    if (this.#distances.get(id) === 0) return [[]];
    const ways: Edge[][] = [];
    const last = (this.#reachedBy.get(id) ?? []).toSorted(byFact);
    for (const edge of last) {
      for (const way of this.waysTo(edge.from, limit - ways.length)) ways.push([...way, edge]);
      if (ways.length >= limit) break;
    }
    return ways;
  }
}

/** The side with less to widen; once both have met, one that has to make up for a hub. */
function next(ahead: Side, behind: Side, length: number): Side | undefined {
  const isMet = ahead.level + behind.level >= length;
  const open = [ahead, behind].filter((side) => {
    const other = side === ahead ? behind : ahead;
    return !side.isDone && (!isMet || side.owes(other, length));
  });
  return open.toSorted((a, b) => a.frontier.length - b.frontier.length)[0];
}

function chainsThrough(id: string, ahead: Side, behind: Side, limit: number): Edge[][] {
  const ends = behind.waysTo(id, limit).map((way) => way.toReversed().map(turned));
  return ahead.waysTo(id, limit).flatMap((start) => ends.map((end) => [...start, ...end]));
}

const turned = (edge: Edge): Edge => ({
  ...edge,
  from: edge.to,
  to: edge.from,
  isInverse: !edge.isInverse,
});

const keyOf = (chain: readonly Edge[]): string =>
  chain.map(({ relation, to, factId }) => `${relation} ${to} ${factId}`).join('\n');

/** Chains meet in several places; each is told once, in an order that does not depend on where. */
function distinct(chains: readonly Edge[][]): Edge[][] {
  const byKey = new Map(chains.map((chain) => [keyOf(chain), chain]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, chain]) => chain);
}

const byFact = (a: Edge, b: Edge): number =>
  a.factId < b.factId ? -1 : a.factId > b.factId ? 1 : 0;
