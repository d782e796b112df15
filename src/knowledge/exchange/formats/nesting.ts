/** Bounds how deep values may be nested: what goes through them depth first has only so much room. */

/** No record of any format needs more. */
export const maxDepth = 100;

export const tooDeep = `its values are nested more than ${maxDepth} deep, as in no record`;

/** Whether lists and objects are nested deeper than a record needs. */
export function isTooDeep(value: unknown, left = maxDepth): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  const values: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return values.some((each) => isTooDeep(each, left - 1));
}
