/**
 * Fields that are Relay connections. A `Listing` declares once how lists of a record type are
 * typed, filtered and ordered; `connection` makes a field of it:
 *
 *     offices: t.field(connection(officeListing, {
 *       description: 'The offices that it keeps.',
 *       list: ({ offices }) => offices,
 *       parent: ({ id }: OrganizationRecord) => ({ relation: 'organization', id }),
 *     }))
 */
import type { InputRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { PageRequest } from '../../knowledge/reading/page.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { pageRequest, pagingArgs, type PagingArgs } from './paging.js';
import type { ConnectionShape, FilterInput, Listing, ListField } from './types.js';

/** A filter's input type together with the function that converts its values. */
export const filterInput = <Input, Filter>(
  ref: InputRef<Input>,
  read: FilterInput<Input, Filter>['read'],
  narrowedBy: readonly string[] = [],
): FilterInput<Input, Filter> => ({ ref, read, narrowedBy });

/** Converts conditions on a list of facts, such as the positions of a person. */
export const listFilter = async <Input, Filter>(
  filter: FilterInput<Input, Filter>,
  input: { some?: Input | null | undefined } | null | undefined,
  context: GraphContext,
  path: string,
): Promise<{ some: Filter } | undefined> =>
  input?.some ? { some: await filter.read(input.some, context, `${path}.some`) } : undefined;

export interface ListArgs<Input, Order extends string> extends PagingArgs {
  filter?: Input | null | undefined;
  orderBy?: PageRequest<Order>['order'] | null | undefined;
}

/** The options of a field that is a connection. */
export function connection<
  Row,
  Input,
  Filter,
  Order extends string,
  Relation extends string = never,
  Parent = unknown,
>(
  { connection: type, filter, order }: Listing<Row, Input, Filter, Order>,
  field: ListField<Parent, Row, Filter, Order, Relation>,
) {
  return {
    type,
    description: field.description,
    costs: { filter },
    args: {
      ...pagingArgs(),
      ...builder.args((t) => ({
        filter: t.field({
          type: filter.ref,
          description: 'Only those that match.',
        }),
        orderBy: t.field({
          type: order.ref,
          description: `Default: ${describe(field.defaultOrder ?? order.default)}.`,
        }),
      })),
    },
    resolve: async (
      parent: Parent,
      args: ListArgs<Input, Order>,
      context: GraphContext,
      info: GraphQLResolveInfo,
    ): Promise<ConnectionShape<Row>> => {
      const orderBy = args.orderBy ?? field.defaultOrder ?? order.default;
      const list = field.list(context.knowledge);
      const request = {
        parent: field.parent?.(parent),
        filter: args.filter ? await filter.read(args.filter, context, 'filter') : undefined,
        page: pageRequest(args, orderBy, list.sortType(orderBy.field), info),
      };
      return {
        order: orderBy.field,
        page: await list.page(context.view, request),
        groups: (by, limit) => list.groups(context.view, request, by, limit),
      };
    },
  };
}

// Private:

const describe = ({ field, direction }: { field: string; direction: string }) =>
  `\`${field}\` ${direction === 'ASC' ? 'ascending' : 'descending'}`;
