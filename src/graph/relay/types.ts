/** The types that describe lists: how they are filtered, ordered and read. */
import type { InputRef, ObjectRef, OutputRef } from '@pothos/core';
import type { Knowledge } from '../../knowledge/knowledge.js';
import type { SortKey } from '../../knowledge/reading/collection.js';
import type { ListRequest } from '../../knowledge/reading/list.js';
import type { Page, PageRequest } from '../../knowledge/reading/page.js';
import type { Groups } from '../../knowledge/reading/groups.js';
import type { View } from '../../knowledge/reading/view.js';
import type { GraphTypes } from '../builder.js';
import type { GraphContext } from '../context.js';

/** How lists of one record type are typed, filtered and ordered, wherever they appear. */
export interface Listing<Row, Input, Filter, Order extends string> {
  connection: ConnectionRef<Row>;
  filter: FilterInput<Input, Filter>;
  order: OrderInput<Order>;
}

export interface FilterInput<Input, Filter> {
  ref: InputRef<Input>;
  /**
   * Converts the input into a filter: ids and slugs become keys.
   *
   * @param path The path to the input in error messages: `filter`, `filter.positions.some`
   */
  read(input: Input, context: GraphContext, path: string): Promise<Filter> | Filter;
  /** The fields that an index supports, so that few other rows are read. */
  narrowedBy: readonly string[];
}

export interface OrderInput<Order extends string> {
  ref: InputRef<PageRequest<Order>['order']>;
  default: PageRequest<Order>['order'];
}

/** What one field adds to a listing: where its rows come from. */
export interface ListField<Parent, Row, Filter, Order extends string, Relation extends string> {
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
  /** The record that the list belongs to; none for a list of the whole knowledge base. */
  parent?: (parent: Parent) => { relation: Relation; id: string };
  /** The order without `orderBy`, where it differs from the listing's. */
  defaultOrder?: PageRequest<Order>['order'];
}

/** A page as the fields of a connection read it: edges and cursors are made when selected. */
export interface ConnectionShape<Row> {
  page: Page<Row>;
  order: string;
  /** Counts the rows of the whole list by common values. */
  groups?: (by: readonly string[], limit: number) => Promise<Groups>;
}

export type ConnectionRef<Row> = OutputRef<ConnectionShape<Row>>;

/** A connection type that fields can be added to. */
export type OpenConnectionRef<Row> = ObjectRef<
  PothosSchemaTypes.ExtendDefaultTypes<GraphTypes>,
  ConnectionShape<Row>
>;
