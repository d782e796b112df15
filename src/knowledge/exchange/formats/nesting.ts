/** Limits the nesting of values, for the recursion of what processes them. */

/** More than a record of any format requires. */
export const maxDepth = 100;

export const tooDeep = `its values are nested more than ${maxDepth} levels deep`;

/** Whether lists and objects are nested deeper than the limit. */
export function isTooDeep(value: unknown, depth = maxDepth): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  const values: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return values.some((each) => isTooDeep(each, depth - 1));
}
