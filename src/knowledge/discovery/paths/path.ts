/**
 * The shortest chains between two entities.
 *
 * Both ends are widened until they meet. What leads from an entity (the posts of a person) is
 * little and read whole, what leads to it (the members of a state) may be very much and is read
 * last, and of a "hub" only some: what is connected with it is met from the other end.
 */
import type { AsOf } from '../../reading/conditions.js';
import type { View } from '../../reading/view.js';
import type { Edge, EdgeOptions, Edges, EdgesOf, Vertex } from './edges.js';
import { relations, usualRelations, type Relation } from './relations.js';

export interface PathOptions {
  maxLength: number;
  /** So many chains at most. */
  limit: number;
  via?: readonly Relation[] | undefined;
  asOf?: AsOf | undefined;
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
  /** So many connections of one kind are read of the two ends … */
  maxPerEnd: number;
  /** … and of other entities. */
  maxPerOther: number;
  /** So many rows are read in all. */
  budget: number;
}

/** A first look, in which an entity with more connections is a hub. It finds most of what there is. */
const firstEffort: Effort = { maxPerEnd: 100, maxPerOther: 10, budget: 10_000 };
/** What is not found so is worth a thorough one: about a fifth of a second of work. */
const fullEffort: Effort = { maxPerEnd: 500, maxPerOther: 500, budget: 15_000 };
/** So many rows more are read to find out whether what was found is the shortest. */
const checkBudget = 1000;

export async function findPaths(
  edges: Edges,
  view: View,
  from: Vertex,
  to: Vertex,
  options: PathOptions,
): Promise<Paths> {
  if (from.id === to.id) return { outcome: 'FOUND', chains: [[]], length: 0, isShortest: true };
  const first = await search(edges, view, from, to, options, firstEffort);
  if (first.outcome !== 'BUDGET_EXCEEDED') return first;
  return search(edges, view, from, to, options, fullEffort);
}

// Private:

async function search(
  edges: Edges,
  view: View,
  from: Vertex,
  to: Vertex,
  { maxLength, limit, via = usualRelations, asOf }: PathOptions,
  { maxPerEnd: mostOfEnds, maxPerOther: mostOfOthers, budget }: Effort,
): Promise<Paths> {
  const [ahead, behind] = [new Side(from), new Side(to)];
  const optionsOf = (side: Side): EdgeOptions => ({
    via,
    asOf,
    maxPerVertex: side.level === 0 ? mostOfEnds : mostOfOthers,
  });
  let left = budget;
  let best = Infinity;
  const meetings = new Map<string, number>();
  const meet = (side: Side, reached: readonly Vertex[]) => {
    const other = side === ahead ? behind : ahead;
    for (const { id } of reached) {
      const length = side.distanceTo(id) + other.distanceTo(id);
      if (length > maxLength) continue;
      meetings.set(id, length);
      if (best === Infinity) left = Math.min(left, checkBudget);
      best = Math.min(best, length);
    }
  };
  const goOut = async (side: Side) => {
    const found = await edges.from(view, side.frontier, optionsOf(side));
    left -= found.cost;
    meet(side, side.readOut(found));
  };
  const meetOther = async (side: Side) => {
    const { known } = side === ahead ? behind : ahead;
    const found = await edges.from(view, side.frontier, optionsOf(side), known);
    left -= found.cost;
    meet(side, side.readTo(found));
  };
  const comeIn = async (side: Side) => {
    const { frontier } = side;
    for (let at = 0; at < frontier.length && left > 0;) {
      // As many at a time as can hardly overdraw the budget.
      const some = frontier.slice(at, at + Math.ceil(left / mostOfOthers / 4));
      at += some.length;
      const lists = some.map((vertex) => edges.into(view, vertex, optionsOf(side)));
      for (const found of await Promise.all(lists)) {
        left -= found.cost;
        meet(side, side.readIn(found, at < frontier.length && left <= 0));
      }
    }
  };
  const chains = () => {
    const met = [...meetings].filter(([, length]) => length === best).map(([id]) => id);
    return distinct(met.flatMap((id) => chainsThrough(id, ahead, behind, limit))).slice(0, limit);
  };
  // The ends and what leads from their neighbours are always looked at: up to three steps.
  for (let round = 0; left > 0; round++) {
    const sure = sureLength(ahead, behind);
    if (sure >= Math.min(best, maxLength)) break;
    if (round > 1 && sure >= best - 1 && chains().length >= limit) break;
    const open = [ahead, behind].filter((side) => !side.isDone);
    const apart = open.filter(({ isOutRead, isMet }) => !isOutRead && !isMet);
    const unread = open.filter(({ isOutRead }) => !isOutRead);
    if (round === 0) {
      await Promise.all([...open.map(goOut), ...open.map(comeIn)]);
      for (const side of open) side.advance();
    } else if (apart.length > 0) await Promise.all(apart.map(meetOther));
    else if (unread.length > 0) await Promise.all(unread.map(goOut));
    else {
      // Once there is a chain, whom a hub has hidden something from can rule out no shorter one.
      const useful = open.filter(({ isCut }) => best === Infinity || !isCut);
      const side = useful.toSorted((a, b) => a.frontier.length - b.frontier.length)[0];
      if (!side) break;
      await comeIn(side);
      side.advance();
      ahead.isMet = behind.isMet = false;
    }
  }
  const sure = sureLength(ahead, behind);
  if (best < Infinity) {
    return { outcome: 'FOUND', chains: chains(), length: best, isShortest: sure >= best - 1 };
  }
  const outcome = sure >= maxLength ? 'NONE' : 'BUDGET_EXCEEDED';
  return { outcome, chains: [], length: null, isShortest: false };
}

/** Up to this length every chain has been found: none of its edges can have been missed by both sides. */
const sureLength = (ahead: Side, behind: Side): number =>
  ahead.sureLevel + behind.sureLevel + (ahead.isOutSure && behind.isOutSure ? 1 : 0);

/** What was reached from one of the two ends. */
class Side {
  readonly #distances = new Map<string, number>();
  /** By which edges an entity was reached first: one for each entity that they come from. */
  readonly #reachedBy = new Map<string, Map<string, Edge>>();
  readonly #known: Vertex[];
  #reached: Vertex[] = [];
  /** How far the nearest entities are of whose connections only some were read. */
  #cutAt = Infinity;
  /** The same, of those that lead from it. */
  #outCutAt = Infinity;
  #isMetSure = false;
  /** The entities that were reached last and are widened now. */
  frontier: Vertex[];
  /** How far they are. */
  level = 0;
  /** Whether it was read what leads from them. */
  isOutRead = false;
  /** Whether it was read what leads from them to what the other side has reached so far. */
  isMet = false;

  constructor(end: Vertex) {
    this.#distances.set(end.id, 0);
    this.frontier = [end];
    this.#known = [end];
  }

  distanceTo = (id: string): number => this.#distances.get(id) ?? Infinity;

  /** Everything that was reached so far. */
  get known(): readonly Vertex[] {
    return this.#known;
  }

  /** Nothing is left to widen. */
  get isDone(): boolean {
    return this.frontier.length === 0;
  }

  /** Whether something was left out on the way to where it is now. */
  get isCut(): boolean {
    return this.#cutAt < this.level;
  }

  /** Everything that is so far was reached. */
  get sureLevel(): number {
    return Math.min(this.isDone ? Infinity : this.level, this.#cutAt);
  }

  /** Whether it is also known what leads from there to what the other side has reached. */
  get isOutSure(): boolean {
    const isMet = this.isMet && this.#isMetSure;
    const isRead = this.isOutRead || isMet || this.sureLevel < this.level;
    return isRead && this.sureLevel < this.#outCutAt;
  }

  /** Takes what leads from the frontier; returns what was reached for the first time. */
  readOut({ edges, cut }: EdgesOf): Vertex[] {
    this.isOutRead = true;
    if (cut.length > 0) this.#outCutAt = Math.min(this.#outCutAt, this.level);
    return this.#take(edges, cut.length > 0);
  }

  /** Takes what leads from the frontier to what the other side has reached. */
  readTo({ edges, cut }: EdgesOf): Vertex[] {
    this.isMet = true;
    this.#isMetSure = cut.length === 0;
    return this.#take(edges, false);
  }

  /** Takes what leads to the frontier. */
  readIn({ edges, cut }: EdgesOf, isBroken: boolean): Vertex[] {
    return this.#take(edges, isBroken || cut.length > 0);
  }

  /** Goes one step further. */
  advance(): void {
    this.level++;
    this.isOutRead = false;
    this.frontier = this.#reached;
    this.#reached = [];
  }

  /** The ways from the end of this side to an entity, at most so many, in a stable order. */
  waysTo(id: string, limit: number): Edge[][] {
    if (this.#distances.get(id) === 0) return [[]];
    const ways: Edge[][] = [];
    const last = [...(this.#reachedBy.get(id)?.values() ?? [])].sort(byFact);
    for (const edge of last) {
      for (const way of this.waysTo(edge.from, limit - ways.length)) ways.push([...way, edge]);
      if (ways.length >= limit) break;
    }
    return ways;
  }

  #take(edges: readonly Edge[], isCut: boolean): Vertex[] {
    if (isCut) this.#cutAt = Math.min(this.#cutAt, this.level);
    const fresh: Vertex[] = [];
    for (const edge of edges) {
      const { from, to, type } = edge;
      const distance = this.distanceTo(to);
      if (distance <= this.level) continue;
      let ways = this.#reachedBy.get(to);
      if (!ways) {
        this.#distances.set(to, this.level + 1);
        this.#reachedBy.set(to, (ways = new Map<string, Edge>()));
        fresh.push({ id: to, type });
      }
      const known = ways.get(from);
      if (!known || byRelation(edge, known) < 0) ways.set(from, edge);
    }
    this.#reached.push(...fresh);
    this.#known.push(...fresh);
    return fresh;
  }
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

/** Chains meet in several places; each is returned once, in an order that does not depend on where. */
function distinct(chains: readonly Edge[][]): Edge[][] {
  const byWay = new Map<string, Edge[]>();
  for (const chain of chains) {
    const way = chain.map(({ to }) => to).join();
    const known = byWay.get(way);
    if (!known || keyOf(chain) < keyOf(known)) byWay.set(way, chain);
  }
  return [...byWay.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = (chain: readonly Edge[]): string =>
  chain.map(({ relation, to, factId }) => `${relation} ${to} ${factId}`).join('\n');

const byFact = (a: Edge, b: Edge): number =>
  a.factId < b.factId ? -1 : a.factId > b.factId ? 1 : 0;

const byRelation = (a: Edge, b: Edge): number =>
  relations.indexOf(a.relation) - relations.indexOf(b.relation) || byFact(a, b);
