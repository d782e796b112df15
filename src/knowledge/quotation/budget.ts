/**
 * The budget of matching, in steps instead of time, so that a search has the same result on any
 * machine. A step is about one comparison, some nanoseconds.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The work would exceed the budget. */
export class BudgetSpent extends Error {
  override name = 'BudgetSpent';
}

/** The budget of one change of an editor: at most a third of a second on one core. */
export const stepsForChange = 100_000_000;

/** The budget for suggesting near passages after a change. */
export const stepsForNearest = 40_000_000;

/** The number of steps between turns of the event loop. */
const stepsForTurn = 5_000_000;

export class MatchingBudget {
  #left: number;
  #sinceTurn = 0;

  constructor(steps: number = stepsForChange) {
    this.#left = steps;
  }

  /** @throws BudgetSpent if less is left */
  spend(steps: number): void {
    this.#left -= steps;
    this.#sinceTurn += steps;
    if (this.#left < 0) {
      throw new BudgetSpent(
        'matching its quotations takes too long: quote shorter texts, or fewer passages in one change',
      );
    }
  }

  get left(): number {
    return Math.max(0, this.#left);
  }

  /** Yields to the event loop if much was done since the last time. */
  async breathe(): Promise<void> {
    if (this.#sinceTurn < stepsForTurn) return;
    this.#sinceTurn = 0;
    await nextTurn();
  }
}

/** For imports, which may contain any number of passages; still yields to the event loop. */
export const unlimited = (): MatchingBudget => new MatchingBudget(Number.MAX_SAFE_INTEGER);
