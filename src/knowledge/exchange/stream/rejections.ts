/** Rejected records: the error that ends an import, and messages. */
import { MatchingBudget, stepsForNearest } from '../../quotation/budget.js';
import type { RejectedRecord } from './parsedRecord.js';

/** Rejections that ended an import. Earlier batches are written. */
export class StreamError extends Error {
  override name = 'StreamError';
  readonly rejections: readonly RejectedRecord[];

  constructor(rejections: readonly RejectedRecord[]) {
    super(rejections.map(describeRejection).join('\n'));
    this.rejections = rejections;
  }
}

/** One line for each reason: `people.jsonl:7: "kind" is required …`. */
export const describeRejection = ({ origin, reasons }: RejectedRecord): string =>
  reasons.map((reason) => `${origin.file}:${origin.line}: ${reason}`).join('\n');

/** Completes the reasons, after the transaction has ended. */
export async function explained(rejections: readonly RejectedRecord[]): Promise<RejectedRecord[]> {
  const budget = new MatchingBudget(stepsForNearest);
  const complete: RejectedRecord[] = [];
  for (const { explain, ...rejection } of rejections) {
    const reasons: string[] = [];
    for (const [i, reason] of rejection.reasons.entries()) {
      const more = explain?.[i];
      reasons.push(more ? reason + (await more(budget)).message : reason);
    }
    complete.push({ ...rejection, reasons });
  }
  return complete;
}
