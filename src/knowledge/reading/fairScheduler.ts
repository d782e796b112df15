/**
 * Limits the results delivered in each turn of the event loop. All code that waits for a result
 * delivered in the same turn runs before anything else in the process.
 */
export class FairScheduler {
  readonly #size: number;
  /** The results delivered in this turn, and the waiting callers. */
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
