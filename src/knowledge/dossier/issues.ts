/** What is wrong with a dossier. */

export interface DossierIssue {
  file: string;
  /** From 1; absent when the dossier came as data. */
  line?: number;
  column?: number;
  /** `offices[3].statuses[0].start`. */
  path: string;
  /** What was wrong and what to do. */
  message: string;
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

// Private:

function formatIssue({ file, line, column, path, message }: DossierIssue): string {
  if (line !== undefined) return `${file}:${line}:${column}: ${message}`;
  return path ? `${file}: ${path}: ${message}` : `${file}: ${message}`;
}
