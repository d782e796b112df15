/** A line of JSON for `--json`. Programs rely on its keys: a record's type is `noun` there. */
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
