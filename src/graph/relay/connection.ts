/**
 * Relay connections: `edges { cursor node }`, `nodes`, `pageInfo`, `totalCount`.
 *
 * A `Listing` says once how lists of a noun are typed, filtered and ordered; `connection`
 * makes a field of it:
 *
 *     offices: t.field(connection(officeListing, {
 *       description: 'The offices that it keeps.',
 *       list: ({ offices }) => offices,
 *       parent: ({ id }: OrganizationRecord) => ({ relation: 'organization', id }),
 *     }))
 */
import type { InputRef, ObjectRef, OutputRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Knowledge } from '../../knowledge/knowledge.js';
import type { SortKey } from '../../knowledge/reading/collection.js';
import type { Page, PageRequest } from '../../knowledge/reading/page.js';
import type { Groups } from '../../knowledge/reading/reader.js';
import type { ListRequest } from '../../knowledge/reading/list.js';
import type { View } from '../../knowledge/reading/view.js';
import { capitalized, plural, withArticle, wordsOf } from '../../knowledge/values/english.js';
import { builder, type GraphContext, type GraphTypes } from '../builder.js';
import { costs } from '../costs.js';
import { encodeCursor } from './cursor.js';
import { addGroups } from './groups.js';
import { pageRequest, pagingArgs, type PagingArgs } from './paging.js';

/** How lists of one noun are typed, filtered and ordered, wherever they stand. */
export interface Listing<Row, Input, Filter, Order extends string> {
  connection: ConnectionRef<Row>;
  filter: FilterInput<Input, Filter>;
  order: OrderInput<Order>;
}

export interface FilterInput<Input, Filter> {
  ref: InputRef<Input>;
  /** Takes a client's filter in: names become keys. */
  read(input: Input, context: GraphContext): Promise<Filter> | Filter;
  /** The fields that name records whose lists have an index, so that little else is read. */
  narrowedBy: readonly string[];
}

/** Types a filter's input together with the function that takes it in. */
export const filterInput = <Input, Filter>(
  ref: InputRef<Input>,
  read: FilterInput<Input, Filter>['read'],
  narrowedBy: readonly string[] = [],
): FilterInput<Input, Filter> => ({ ref, read, narrowedBy });

export interface OrderInput<Order extends string> {
  ref: InputRef<PageRequest<Order>['order']>;
  default: PageRequest<Order>['order'];
}

interface ListField<Parent, Row, Filter, Order extends string, Relation extends string> {
  description: string;
  list(knowledge: Knowledge): {
    page(view: View, request: ListRequest<Filter, Order, Relation>): Promise<Page<Row>>;
    sortType(order: Order): SortKey['type'] | null;
    groups(
      view: View,
      request: ListRequest<Filter, Order, Relation>,
      by: readonly string[],
      limit: number,
    ): Promise<Groups>;
  };
  /** The record that the list hangs on; none for a list of the whole knowledge base. */
  parent?: (parent: Parent) => { relation: Relation; id: string };
  /** The order without `orderBy`, where it is not the listing's own. */
  defaultOrder?: PageRequest<Order>['order'];
}

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
    extensions: costs({ filter }),
    args: {
      ...pagingArgs(),
      ...builder.args((t) => ({
        filter: t.field({
          type: filter.ref,
          description: 'Only items for which all of this holds.',
        }),
        orderBy: t.field({
          type: order.ref,
          description: `The order of the list. Default: ${describe(field.defaultOrder ?? order.default)}.`,
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
        filter: args.filter ? await filter.read(args.filter, context) : undefined,
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

/** A page as the fields of a connection read it: edges and cursors are made when asked for. */
export interface ConnectionShape<Row> {
  page: Page<Row>;
  order: string;
  /** The rows of the whole list by what they have in common. */
  groups?: (by: readonly string[], limit: number) => Promise<Groups>;
}

type ConnectionRef<Row> = OutputRef<ConnectionShape<Row>>;

/** A connection type that fields can be added to. */
export type OpenConnectionRef<Row> = ObjectRef<
  PothosSchemaTypes.ExtendDefaultTypes<GraphTypes>,
  ConnectionShape<Row>
>;

interface EdgeShape<Row> {
  row: Row;
  sort: string | null | undefined;
  order: string;
}

/**
 * The types `OfficeConnection` and `OfficeEdge` for lists of `Office`.
 *
 * @param groupBy What its items can be counted by: names of the collection's `groups`, described.
 */
export function connectionType<Row>(
  name: string,
  node: OutputRef<Row>,
  groupBy?: Record<string, string>,
): OpenConnectionRef<Row> {
  // Pothos cannot reason about a Row that is not known yet.
  const item: OutputRef = node;
  const edge = builder.objectRef<EdgeShape<Row>>(`${name}Edge`);
  edge.implement({
    description: `${capitalized(withArticle(wordsOf(name)))} in a list, with its place there.`,
    fields: (t) => ({
      cursor: t.string({
        description: 'The place in the list, for `after` and `before`.',
        resolve: ({ row, sort, order }) => cursorOf(row, sort, order),
      }),
      node: t.field({
        type: item,
        description: 'The item itself.',
        resolve: ({ row }) => row,
      }),
    }),
  });
  const list = builder.objectRef<ConnectionShape<Row>>(`${name}Connection`);
  list.implement({
    description: `A page of a list of ${plural(wordsOf(name))}.`,
    fields: (t) => ({
      nodes: t.field({
        type: [item],
        description: 'The items of this page, without their cursors.',
        resolve: ({ page }) => page.rows,
      }),
      edges: t.field({
        type: [edge],
        description: 'The items of this page, each with its cursor.',
        resolve: ({ page, order }) =>
          page.rows.map((row, i) => ({ row, sort: page.sorts[i], order })),
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'Where this page begins and ends, and whether there are others.',
        resolve: (connection) => connection,
      }),
      totalCount: t.int({
        extensions: costs({ weight: 2, weightOfWhole: 100 }),
        description: 'How many items the whole list has, whatever the page.',
        resolve: ({ page }) => page.totalCount ?? 0,
      }),
    }),
  });
  if (groupBy) addGroups(list, name, groupBy);
  return list;
}

const PageInfo = builder.objectRef<ConnectionShape<unknown>>('PageInfo').implement({
  description: 'Where a page begins and ends, and whether there are others.',
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: 'Whether items follow; ask for them with `after: endCursor`.',
      resolve: ({ page }) => page.hasNextPage,
    }),
    hasPreviousPage: t.boolean({
      description: 'Whether items precede; ask for them with `before: startCursor`.',
      resolve: ({ page }) => page.hasPreviousPage,
    }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first item of this page; null on an empty page.',
      resolve: ({ page, order }) => cursorOf(page.rows[0], page.sorts[0], order),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'The cursor of the last item of this page; null on an empty page.',
      resolve: ({ page, order }) => cursorOf(page.rows.at(-1), page.sorts.at(-1), order),
    }),
  }),
});

// Private:

function cursorOf(row: unknown, sort: string | null | undefined, order: string): string;
function cursorOf(row: unknown, sort: string | null | undefined, order: string): string | null {
  return row ? encodeCursor(order, { sort: sort ?? null, id: (row as { id: string }).id }) : null;
}

const describe = ({ field, direction }: { field: string; direction: string }) =>
  `\`{ field: ${field}, direction: ${direction} }\``;
