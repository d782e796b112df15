/** What is wrong with a dossier. */
import { MatchingBudget, stepsForNearest } from '../../quotation/budget.js';
import type { Explain } from '../../validation/report.js';

export interface DossierIssue {
  file: string;
  /** From 1; absent when the dossier came as data. */
  line?: number;
  column?: number;
  /** `offices[3].statuses[0].start`. */
  path: string;
  /** What was wrong and what to do. */
  message: string;
  /** Completes the message, at a cost that is paid only for an issue that is shown. */
  explain?: Explain;
}

/** Everything that is wrong with a dossier, nothing of which was written. */
export class DossierError extends Error {
  override name = 'DossierError';
  readonly issues: readonly DossierIssue[];

  constructor(issues: readonly DossierIssue[], options?: ErrorOptions) {
    super(issues.map(formatIssue).join('\n'), options);
    this.issues = issues;
  }
}

/** The error with complete messages; called when its transaction is over. */
export async function explained(error: DossierError): Promise<DossierError> {
  if (!error.issues.some(({ explain }) => explain)) return error;
  const budget = new MatchingBudget(stepsForNearest);
  const issues: DossierIssue[] = [];
  for (const { explain, ...issue } of error.issues) {
    const message = explain ? issue.message + (await explain(budget)) : issue.message;
    issues.push({ ...issue, message });
  }
  return new DossierError(issues, { cause: error.cause });
}

/** `dossier.yaml:28:19: …`, or with the way to it where there are no lines. */
export function formatIssue({ file, line, column, path, message }: DossierIssue): string {
  if (line !== undefined) return `${file}:${line}:${column}: ${message}`;
  return path ? `${file}: ${path}: ${message}` : `${file}: ${message}`;
}
