/**
 * Gives answers out a few in each turn of the event loop. Whoever gets one goes on at once, and so
 * do all others who get theirs in the same turn, while everything else in the process waits.
 */
export class FairScheduler {
  readonly #size: number;
  /** How many were given in this turn; and who waits for the next. */
  #given = 0;
  #waiting: (() => void)[] = [];
  #isDue = false;

  constructor(size: number) {
    this.#size = size;
  }

  async give<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const given = await answer;
    this.#expectTurn();
    if (this.#given < this.#size) this.#given++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return given;
  }

  // Private:

  #expectTurn(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isDue = false;
    const portion = this.#waiting.splice(0, this.#size);
    this.#given = portion.length;
    for (const go of portion) go();
    if (this.#given > 0) this.#expectTurn();
  }
}
