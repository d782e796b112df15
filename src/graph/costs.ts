/**
 * What a field costs, for the limits of a server, where that is not plain from its arguments.
 *
 *     t.field({ costs: { weight: 1000 }, … })
 */
export interface Costs {
  /** The work of the field itself, in objects that could be read in its place. */
  weight?: number;
  /**
   * The same where its object is not one of many: a list that the query begins with, or that of one
   * record, may be long, while of the lists of many records most are short.
   */
  weightOfWhole?: number;
  /** The work of each item of a list that is given as this argument; `ofMany` as of `weightOfWhole`. */
  perItem?: { argument: string; weight: number; ofMany?: number };
  /** A list with a filter: by what the filter may have to look through; see `filterWeights`. */
  filter?: { narrowedBy: readonly string[] };
  /** How many items the lists right below it may have. */
  items?: (argument: (name: string) => number) => number;
}

/** How many items a list is thought to have that cannot be paged, such as names. */
export const usualLength = 5;

/** No list has more items, whatever its `first`: more is refused when it is read, or left out. */
export const greatestLength = 1000;

/**
 * The weight of a text that may fill pages, such as the body of an article: an object takes some
 * 250 bytes of an answer, a body 5 kB and up to a megabyte.
 */
export const longText: Costs = { weight: 20 };

/** The weight of a text of a sentence or some, which has no bound of its own. */
export const text: Costs = { weight: 0.5 };

/**
 * The weight of a change: it takes a turn of its own among all who write, some milliseconds long.
 */
export const changeWeight = 50;

/**
 * The work of a filter. Rows that it leaves out are read as well: of few where the filter names
 * records whose lists have an index, otherwise maybe of the whole list.
 */
export const filterWeights = { narrowed: 20, whole: 380, ofOne: 100, ofMany: 3 };

/** The past is read through views that put present and former rows together: so many times the work. */
export const pastTimes = 3;

/** A value under an alias is written once more, whatever it is. */
export const aliasWeight = 1;

/** The query by which tools ask for the schema, which is answered from a ready answer. */
export const schemaWeight = 1000;
