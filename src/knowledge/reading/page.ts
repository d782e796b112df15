import type { SelectedColumns } from './selectedColumns.js';

/** The position of a row in an ordered list: its sort key as text, and its id. */
export interface Keyset {
  sort: string | null;
  id: string;
}

/** Which rows of a list are wanted, and what of them. */
export interface PageRequest<Order extends string = string> {
  order: { field: Order; direction: 'ASC' | 'DESC' };
  /** Which columns of the rows; undefined where no row is wanted, only the total. */
  rows: SelectedColumns | undefined;
  /** Whether the rows' positions are wanted too. */
  cursors: boolean;
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
  rows: Row[];
  /** The sort keys of the rows, where cursors were requested. */
  sorts: (string | null)[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Rows in the whole list; null unless requested. */
  totalCount: number | null;
}

/** All that a batch read of one list: one row more than a page shows whether another follows. */
export interface Found<Row> {
  rows: Row[];
  sorts: (string | null)[];
  total: number;
}

/** The requested page, of rows in the order in which they were read. */
export function pageOf<Row>({ rows, sorts, total }: Found<Row>, request: PageRequest): Page<Row> {
  const more = rows.length > request.limit;
  const page = rows.slice(0, request.limit);
  const keys = sorts.slice(0, request.limit);
  if (request.backward) {
    page.reverse();
    keys.reverse();
  }
  return {
    rows: page,
    sorts: keys,
    hasNextPage: request.backward ? request.before !== undefined : more,
    hasPreviousPage: request.backward ? more : request.after !== undefined,
    totalCount: request.count ? total : null,
  };
}
