/**
 * The cost of a field, for the server's limits, where its arguments and type do not determine it.
 *
 *     t.field({ costs: { weight: 1000 }, … })
 */
export interface Costs {
  /** The work of the field itself, as the number of objects that could be read instead. */
  weight?: number;
  /**
   * The weight at the root, or below a single record. A list there may be long, while most of the
   * lists below many records are short.
   */
  weightOfWhole?: number;
  /** The work of each item of a list argument; `ofMany` below many records. */
  perItem?: { argument: string; weight: number; ofMany?: number };
  /** The work of each word of a text argument beyond the first ones, which are free. */
  perWord?: { argument: string; free: number; weight: number };
  /** A list with a filter, whose cost depends on the rows to scan; see `filterWeights`. */
  filter?: { narrowedBy: readonly string[] };
  /**
   * The maximum number of items of the list that it is, or of the lists directly below it. `argument`
   * gives the value of a number, the length of a list.
   */
  items?: (argument: (name: string) => number) => number;
}

/** The assumed length of a list that is not paged, such as names. */
export const usualLength = 5;

/** The maximum length of any list: a larger `first` is rejected, further items are omitted. */
export const greatestLength = 1000;

/**
 * The weight of a text of many pages, such as the body of an article: an object takes about
 * 250 bytes of a response, a body 5 kB and up to a megabyte.
 */
export const longText: Costs = { weight: 20 };

/** The weight of a text of a few sentences, whose length is not limited. */
export const text: Costs = { weight: 0.5 };

/**
 * The weight of a change: writers take turns, of some milliseconds each.
 */
export const changeWeight = 50;

/**
 * The work of a filter. Rows that do not match are read as well: few if an index supports the
 * filter, otherwise up to the whole list.
 */
export const filterWeights = { narrowed: 20, whole: 380, ofOne: 100, ofMany: 3 };

/** The factor for reading the past, through views that combine current and former rows. */
export const pastTimes = 3;

/** A value under an alias is written once more. */
export const aliasWeight = 1;

/** The introspection query of common tools, whose result is cached. */
export const schemaWeight = 1000;
