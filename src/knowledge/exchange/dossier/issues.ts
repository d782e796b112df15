/** Issues of a dossier. */
import { MatchingBudget, stepsForNearest } from '../../quotation/budget.js';
import type { Explain } from '../../validation/report.js';

export interface DossierIssue {
  file: string;
  /** From 1; undefined for a dossier given as data. */
  line?: number;
  column?: number;
  /** `offices[3].statuses[0].start`. */
  path: string;
  /** The problem, and how to correct it. */
  message: string;
  /** Completes the message; called only for issues that are shown. */
  explain?: Explain;
}

/** All issues of a dossier; nothing was written. */
export class DossierError extends Error {
  override name = 'DossierError';
  readonly issues: readonly DossierIssue[];

  constructor(issues: readonly DossierIssue[], options?: ErrorOptions) {
    super(issues.map(formatIssue).join('\n'), options);
    this.issues = issues;
  }
}

/** The error with complete messages, computed after the transaction has ended. */
export async function explained(error: DossierError): Promise<DossierError> {
  if (!error.issues.some(({ explain }) => explain)) return error;
  const budget = new MatchingBudget(stepsForNearest);
  const issues: DossierIssue[] = [];
  for (const { explain, ...issue } of error.issues) {
    const message = explain ? issue.message + (await explain(budget)).message : issue.message;
    issues.push({ ...issue, message });
  }
  return new DossierError(issues, { cause: error.cause });
}

/** `dossier.yaml:28:19: …`, or with the path for a dossier given as data. */
export function formatIssue({ file, line, column, path, message }: DossierIssue): string {
  if (line !== undefined) return `${file}:${line}:${column}: ${message}`;
  return path ? `${file}: ${path}: ${message}` : `${file}: ${message}`;
}
