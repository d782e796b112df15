/** Telling what is wrong with a record, and where. */

/** The way to a value: `['offices', 3, 'statuses', 0, 'start']`. */
export type Path = readonly (string | number)[];

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
