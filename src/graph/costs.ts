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
  /** The work of each item of a list that is given as this argument. */
  perItem?: { argument: string; weight: number };
  /** How many items the lists right below it may have. */
  items?: (argument: (name: string) => number) => number;
}

export const costs = (of: Costs): { costs: Costs } => ({ costs: of });

/** How many items a list is thought to have that cannot be paged, such as names. */
export const usualLength = 5;

/** No list has more items, whatever its `first`: more is refused when it is read. */
export const greatestLength = 1000;

/**
 * The weight of a text that may fill pages, such as the body of an article: an object takes some
 * 250 bytes of an answer, a body 5 kB and up to a megabyte.
 */
export const longText = costs({ weight: 20 });

/** The weight of a text of a sentence or some, which has no bound of its own. */
export const text = costs({ weight: 0.5 });

/**
 * The weight of a change: it takes a turn of its own among all who write, some milliseconds long.
 */
export const changeWeight = 50;

/** A value under an alias is written once more, whatever it is. */
export const aliasWeight = 1;

/** The query by which tools ask for the schema, which is answered from a ready answer. */
export const schemaWeight = 1000;
