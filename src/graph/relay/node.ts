/** `node(id)` and `nodes(ids)`: any record by its global id. */
import type { GraphQLResolveInfo } from 'graphql';
import { mayEdit } from '../../knowledge/auth/identity.js';
import { changeColumns, changeOf, type ChangeRecord } from '../../knowledge/history/change.js';
import type { SelectedColumns } from '../../knowledge/reading/selectedColumns.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import { Node, type RecordShape, type Typed } from '../refs.js';
import { selectedColumns } from './selection.js';
import { decodeGlobalId, encodeGlobalId, type NodeType } from './globalId.js';
import {
  recordTypeByName,
  recordTypeKeys,
  recordTypes,
  type EntityType,
  type RecordType,
  type RecordTypeName,
} from '../../knowledge/model/recordTypes.js';

const maxNodes = 100;

Node.implement({
  description: 'A record with an id that is unique in the whole knowledge base.',
  // Resolvers that return a record of any type set its `__typename`.
  resolveType: (value) => (value as Typed<{ id: string }>).__typename,
  fields: (t) => ({
    id: t.id({
      description: 'Its opaque id, which never changes; for `node(id:)`.',
      resolve: (parent, _args, _context, info) =>
        encodeGlobalId(info.parentType.name as NodeType, parent.id),
    }),
  }),
});

type Loader = (
  context: GraphContext,
  id: string,
  columns: SelectedColumns,
) => Promise<{ id: string } | undefined>;

const loaders = {
  ...(Object.fromEntries(
    recordTypeKeys.map((type) => [recordTypes[type].graphqlName, recordLoader(type)]),
  ) as Record<RecordTypeName, Loader>),
  Reference: ({ knowledge, view }, id, columns) => knowledge.references.get(view, id, columns),
  Mention: ({ knowledge, view }, id, columns) => knowledge.mentions.get(view, id, columns),
  DatedOfficeStatus: ({ knowledge, view }, id, columns) =>
    knowledge.officeStatusRecords.get(view, id, columns),
  Change: loadChange,
} satisfies Record<NodeType, Loader>;

/** A change, which only editors may read, by its first revision. */
async function loadChange(
  { knowledge, view, identity }: GraphContext,
  id: string,
): Promise<ChangeRecord | undefined> {
  if (!mayEdit(identity)) return undefined;
  const page = { ...oneRow, order: { field: 'CREATED_AT', direction: 'ASC' } } as const;
  const request = { parent: { relation: 'change', id }, page } as const;
  const { rows } = await knowledge.revisions.page(view, request);
  return rows[0] && changeOf(rows[0]);
}

const oneRow = { rows: changeColumns, cursors: false, backward: false, count: false, limit: 1 };

/** Entities of all types are read by one statement. */
function recordLoader(type: RecordType): Loader {
  const { slugSpace, enumValue } = recordTypes[type];
  return slugSpace === 'entity'
    ? ({ knowledge, view }, id, columns) =>
        knowledge.entities.as(view, enumValue as EntityType, { id }, columns)
    : ({ knowledge, view }, id, columns) => knowledge[type].get(view, id, columns);
}

/** The types that `node` finds. */
export const nodeTypes = Object.keys(loaders) as readonly NodeType[];

/** The record of this type and key, with its `__typename`; null if the client may not read it. */
export async function loadNode(
  context: GraphContext,
  type: NodeType,
  id: string,
  columns: SelectedColumns,
): Promise<Typed<{ id: string }> | null> {
  const row = await loaders[type](context, id, columns);
  return row ? { ...row, __typename: type } : null;
}

/** Types whose records have a slug. */
export const hasSlug = (type: NodeType): boolean =>
  type in recordTypeByName &&
  recordTypes[recordTypeByName[type as RecordTypeName]].slugSpace !== null;

/** The record of this type and slug, as `loadNode` returns it; null for a type without slugs. */
export async function loadBySlug(
  context: GraphContext,
  name: NodeType,
  slug: string,
  columns: SelectedColumns,
): Promise<Typed<{ id: string }> | null> {
  const { knowledge, view } = context;
  const type = recordTypeByName[name as RecordTypeName];
  const row =
    type === 'articles' || type === 'events'
      ? await knowledge[type].bySlug(view, slug, columns)
      : await knowledge.entities.as(
          view,
          recordTypes[type].enumValue as EntityType,
          { slug },
          columns,
        );
  return row ? { ...row, __typename: name } : null;
}

/** The same for a type of record, with the columns that a query selects. */
export const loadRecord = (
  context: GraphContext,
  type: RecordTypeName,
  id: string,
  info: GraphQLResolveInfo,
): Promise<Typed<RecordShape> | null> =>
  loadNode(context, type, id, selectedColumns(info)) as Promise<Typed<RecordShape> | null>;

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'The record with this id; null if there is none.',
    args: { id: t.arg.id({ required: true, description: 'An `id` from this API.' }) },
    resolve: (_root, { id }, context, info) => {
      const { type, id: key } = decodeGlobalId(id, 'id');
      return loadNode(context, type, key, selectedColumns(info));
    },
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `The records with these ids, at most ${maxNodes}, in the order of the ids; null where there is none, and, with an error, for what is not an id.`,
    args: {
      ids: t.arg.idList({ required: true, description: '`id`s from this API.' }),
    },
    resolve: (_root, { ids }, context, info) => {
      if (ids.length > maxNodes) {
        throw badInput(
          'ids',
          `must be at most ${maxNodes}, but are ${ids.length}; send several requests`,
        );
      }
      // Each is a promise of its own, so that a malformed id is null, with its error, beside the others.
      return ids.map(async (id) => {
        const { type, id: key } = decodeGlobalId(id, 'ids');
        return loadNode(context, type, key, selectedColumns(info));
      });
    },
  }),
}));
