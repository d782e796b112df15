/** Reports of issues in records, and their places. */

import type { MatchingBudget } from '../quotation/budget.js';

/** The path to a value: `['offices', 3, 'statuses', 0, 'start']`. */
export type Path = readonly (string | number)[];

/** Reports an issue at a value or at its key. */
export type Report = (path: Path, message: string, at?: 'key' | 'value', explain?: Explain) => void;

/**
 * Computes the end of a message. As it may take long, it is called after the transaction, which
 * holds the lock of writers.
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
