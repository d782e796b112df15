type Data = Record<string, unknown>;

/** Whether a parsed value is an object, neither null nor a list. */
export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
