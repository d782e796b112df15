/** Telling what is wrong with a record, and where. */

import type { MatchingBudget } from '../quotation/budget.js';

/** The way to a value: `['offices', 3, 'statuses', 0, 'start']`. */
export type Path = readonly (string | number)[];

/** Reports a problem at a value, or at the key under which it stands. */
export type Report = (path: Path, message: string, at?: 'key' | 'value', explain?: Explain) => void;

/**
 * Finds out what else is to be said of a problem, to be put behind its message. It may take long, so
 * it is asked when the transaction is over that others wait for.
 */
export type Explain = (budget: MatchingBudget) => Promise<string>;

/** A value as it appears in messages. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const shown = (JSON.stringify(value) as string | undefined) ?? typeof value;
  return shown.length > 120 ? `${shown.slice(0, 117)}…` : shown;
}

/** `offices[3].statuses[0].start`. */
export const formatPath = (path: Path): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${step}` : step,
    '',
  );
