/** The object types of Relay connections: `edges { cursor node }`, `nodes`, `pageInfo`, `totalCount`. */
import type { OutputRef } from '@pothos/core';
import { capitalized, plural, withArticle, wordsOf } from '../../knowledge/values/english.js';
import { builder } from '../builder.js';
import { encodeCursor } from './cursor.js';
import { addGroups } from './groups.js';
import type { ConnectionShape, OpenConnectionRef } from './types.js';

interface EdgeShape<Row> {
  row: Row;
  sort: string | null | undefined;
  order: string;
}

/**
 * The types `OfficeConnection` and `OfficeEdge` for lists of `Office`.
 *
 * @param groupBy The collection's `groups` by which its items can be counted, with their descriptions.
 */
export function connectionType<Row>(
  name: string,
  node: OutputRef<Row>,
  groupBy?: Record<string, string>,
): OpenConnectionRef<Row> {
  // Pothos cannot infer shapes from a type parameter.
  const item: OutputRef = node;
  const edge = builder.objectRef<EdgeShape<Row>>(`${name}Edge`);
  edge.implement({
    description: `${capitalized(withArticle(wordsOf(name)))} in a list, with its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        description: 'For `after` and `before`.',
        resolve: ({ row, sort, order }) => cursorOf(row, sort, order),
      }),
      node: t.field({
        type: item,
        description: 'The item.',
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
        description: 'The items of this page.',
        resolve: ({ page }) => page.rows,
      }),
      edges: t.field({
        type: [edge],
        description: 'The items with their cursors.',
        resolve: ({ page, order }) =>
          page.rows.map((row, i) => ({ row, sort: page.sorts[i], order })),
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'The bounds of this page.',
        resolve: (connection) => connection,
      }),
      totalCount: t.int({
        costs: { weight: 2, weightOfWhole: 100 },
        description: 'The number of items of the whole list.',
        resolve: ({ page }) => page.totalCount ?? 0,
      }),
    }),
  });
  if (groupBy) addGroups(list, name, groupBy);
  return list;
}

const PageInfo = builder.objectRef<ConnectionShape<unknown>>('PageInfo').implement({
  description: 'The bounds of a page, and whether there are others.',
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: 'Whether more items follow; read them with `after: endCursor`.',
      resolve: ({ page }) => page.hasNextPage,
    }),
    hasPreviousPage: t.boolean({
      description: 'Whether more items precede; read them with `before: startCursor`.',
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
