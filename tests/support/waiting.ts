/** Waiting for conditions. The limits end tests that hang; none is meant to be reached on a busy machine. */
import { vi } from 'vitest';

export const maxWaitMs = 120_000;

/** Waits until an assertion passes, and returns its result. */
export const eventually = <Result>(assertion: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(assertion, { timeout: maxWaitMs, interval: 50 });

/** Waits until a condition holds and returns how long that took, in milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await condition())) {
    if (performance.now() - began > maxWaitMs) throw new Error('the condition never holds');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now() - began;
}
