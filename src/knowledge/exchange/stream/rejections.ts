/** Records that an import rejects: the error that ends a run, and their reasons in words. */
import { MatchingBudget, stepsForNearest } from '../../quotation/budget.js';
import type { RejectedRecord } from './parsedRecord.js';

/** Records that were refused, so that the run ended. Batches before theirs are written. */
export class StreamError extends Error {
  override name = 'StreamError';
  readonly rejections: readonly RejectedRecord[];

  constructor(rejections: readonly RejectedRecord[]) {
    super(rejections.map(describeRejection).join('\n'));
    this.rejections = rejections;
  }
}

/** `people.jsonl:7: "kind" is required …`, a line for each reason. */
export const describeRejection = ({ origin, reasons }: RejectedRecord): string =>
  reasons.map((reason) => `${origin.file}:${origin.line}: ${reason}`).join('\n');

/** The rejections with complete reasons; called when their transaction is over. */
export async function explained(rejections: readonly RejectedRecord[]): Promise<RejectedRecord[]> {
  const budget = new MatchingBudget(stepsForNearest);
  const complete: RejectedRecord[] = [];
  for (const { explain, ...rejection } of rejections) {
    const reasons: string[] = [];
    for (const [i, reason] of rejection.reasons.entries()) {
      const more = explain?.[i];
      reasons.push(more ? reason + (await more(budget)) : reason);
    }
    complete.push({ ...rejection, reasons });
  }
  return complete;
}
