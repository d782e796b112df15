/**
 * How much work may go into looking for passages: in steps, so that the same search always ends
 * in the same way, on any machine. A step is about a comparison, some nanoseconds.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** More would have to be done than may be. */
export class BudgetSpent extends Error {
  override name = 'BudgetSpent';
}

/** What one change of an editor may take: on one core a third of a second at most. */
export const stepsForChange = 100_000_000;

/** What may go into looking for passages that are near those that were not found, after a change. */
export const stepsForNearest = 40_000_000;

/** After so many steps others get their turn. */
const stepsForTurn = 5_000_000;

export class MatchingBudget {
  #left: number;
  #sinceTurn = 0;

  constructor(steps: number = stepsForChange) {
    this.#left = steps;
  }

  /** @throws BudgetSpent where less is left */
  spend(steps: number): void {
    this.#left -= steps;
    this.#sinceTurn += steps;
    if (this.#left < 0) {
      throw new BudgetSpent(
        'looking for its quotations takes too much: quote shorter texts, or fewer passages in one change',
      );
    }
  }

  get left(): number {
    return Math.max(0, this.#left);
  }

  /** Lets others have their turn where much was done since they had it last. */
  async breathe(): Promise<void> {
    if (this.#sinceTurn < stepsForTurn) return;
    this.#sinceTurn = 0;
    await nextTurn();
  }
}

/** For who imports files: they may hold any number of passages, and others get their turns. */
export const unlimited = (): MatchingBudget => new MatchingBudget(Number.MAX_SAFE_INTEGER);
