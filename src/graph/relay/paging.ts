import type { GraphQLResolveInfo } from 'graphql';
import type { SortKey } from '../../knowledge/reading/collection.js';
import type { PageRequest } from '../../knowledge/reading/page.js';
import { badInput } from '../errors.js';
import { builder } from '../builder.js';
import { decodeCursor } from './cursor.js';
import { connectionSelection } from './selection.js';

export const defaultPageSize = 20;
export const maxPageSize = 100;

/** The paging arguments of every connection. */
export const pagingArgs = () =>
  builder.args((t) => ({
    first: t.int({
      description: `How many from the start: 0 to ${maxPageSize}. Default: ${defaultPageSize}.`,
    }),
    after: t.string({
      description: 'Only those after this cursor.',
    }),
    last: t.int({
      description: `How many from the end, instead of \`first\`.`,
    }),
    before: t.string({
      description: 'Only those before this cursor.',
    }),
  }));

export interface PagingArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/**
 * The page that the arguments of a connection request, and which of its parts the query selects.
 *
 * @throws BAD_USER_INPUT for a page size out of range, `first` with `last`, or a cursor of another list
 */
export function pageRequest<Order extends string>(
  args: PagingArgs,
  order: PageRequest<Order>['order'],
  sortType: SortKey['type'] | null,
  info: GraphQLResolveInfo,
): PageRequest<Order> {
  const { first, last, after, before } = args;
  if (isGiven(first) && isGiven(last)) {
    throw badInput('last', 'cannot be used together with first; page from one end at a time');
  }
  const size = pageSize('first', first) ?? pageSize('last', last) ?? defaultPageSize;
  const { rows, cursors, totalCount } = connectionSelection(info);
  return {
    order,
    rows,
    cursors,
    limit: size,
    backward: isGiven(last),
    after: isGiven(after) ? decodeCursor(after, order.field, sortType, 'after') : undefined,
    before: isGiven(before) ? decodeCursor(before, order.field, sortType, 'before') : undefined,
    count: totalCount,
  };
}

// Private:

const isGiven = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined;

function pageSize(argument: string, size: number | null | undefined): number | undefined {
  if (!isGiven(size)) return undefined;
  if (size >= 0 && size <= maxPageSize) return size;
  throw badInput(
    argument,
    `must be from 0 to ${maxPageSize}, but is ${size}; read longer lists page by page with after`,
  );
}
