/**
 * One line of JSON as `--json` prints it. Its keys are a format that programs read: there a
 * record's type is `noun`.
 */
export const toJsonLine = (value: unknown): string => JSON.stringify(value, withNoun);

// Private:

function withNoun(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('recordType' in value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]): [string, unknown] => [
      key === 'recordType' ? 'noun' : key,
      each,
    ]),
  );
}
