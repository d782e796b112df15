/** What is wrong with a dossier. */

/** The way to a value: `['offices', 3, 'statuses', 0, 'start']`. */
export type Path = readonly (string | number)[];

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

/** Reports a problem at a value, or at the key under which it stands. */
export type Report = (path: Path, message: string, at?: 'key' | 'value') => void;

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

// Private:

function formatIssue({ file, line, column, path, message }: DossierIssue): string {
  if (line !== undefined) return `${file}:${line}:${column}: ${message}`;
  return path ? `${file}: ${path}: ${message}` : `${file}: ${message}`;
}
