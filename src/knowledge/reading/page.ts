/** The position of a row in an ordered list: its sort key as text, and its id. */
export interface Keyset {
  sort: string | null;
  id: string;
}

/** Which rows of a list are wanted. */
export interface PageRequest<Order extends string = string> {
  order: { field: Order; direction: 'ASC' | 'DESC' };
  /** Whether rows are wanted, or only the total. */
  rows: boolean;
  /** At most so many rows. */
  limit: number;
  /** From the end of the list (`last`) instead of its beginning (`first`). */
  backward: boolean;
  /** Only rows behind this position. */
  after?: Keyset | undefined;
  /** Only rows ahead of this position. */
  before?: Keyset | undefined;
  /** Whether to count all rows of the list, whatever the page. */
  count: boolean;
}

export interface Page<Row> {
  items: { row: Row; keyset: Keyset }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Rows in the whole list; null unless asked for. */
  totalCount: number | null;
}
