/**
 * What a field costs, for the limits of a server, where that is not plain from its arguments.
 *
 *     extensions: costs({ weight: 1000 })
 */
export interface Costs {
  /** The work of the field itself, in objects that could be read in its place. */
  weight?: number;
  /** The same where it belongs to a list that the query begins with, which holds most. */
  weightOfWhole?: number;
  /** How many items the lists right below it may have. */
  items?: (argument: (name: string) => number) => number;
}

export const costs = (of: Costs): { costs: Costs } => ({ costs: of });

/** How many items a list is thought to have that cannot be paged, such as names. */
export const usualLength = 5;

/** No list has more items, whatever its `first`: more is refused when it is read. */
export const greatestLength = 1000;

/** The description of the whole schema, which is large and made anew for each who asks. */
export const schemaWeight = 1000;
