/** `node(id)` and `nodes(ids)`: any record by its global id. */
import type { SelectedColumns } from '../../knowledge/reading/projection.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import { Node, type Typed } from '../refs.js';
import { selectedColumns } from './selection.js';
import { decodeGlobalId, encodeGlobalId, type NodeType } from './globalId.js';

const maxNodes = 100;

Node.implement({
  description: 'A record with an id that holds across the whole knowledge base.',
  // Whoever hands out a Node of unknown type names its type; the rest is known from the field.
  resolveType: (value) => (value as Typed<{ id: string }>).__typename,
  fields: (t) => ({
    id: t.id({
      description:
        'An opaque id that stays the same for the life of the record. `node(id)` finds the record again.',
      resolve: (parent, _args, _context, info) =>
        encodeGlobalId(info.parentType.name as NodeType, parent.id),
    }),
  }),
});

type Loader = (
  context: GraphContext,
  id: string,
  wanted: SelectedColumns,
) => Promise<{ id: string } | undefined>;

const loaders: Record<NodeType, Loader> = {
  Organization: ({ knowledge, view }, id, wanted) =>
    knowledge.entities.as(view, 'ORGANIZATION', { id }, wanted),
  Person: ({ knowledge, view }, id, wanted) =>
    knowledge.entities.as(view, 'PERSON', { id }, wanted),
  Office: ({ knowledge, view }, id, wanted) =>
    knowledge.entities.as(view, 'OFFICE', { id }, wanted),
  Place: ({ knowledge, view }, id, wanted) => knowledge.entities.as(view, 'PLACE', { id }, wanted),
  Position: ({ knowledge, view }, id, wanted) => knowledge.positions.get(view, id, wanted),
  Membership: ({ knowledge, view }, id, wanted) => knowledge.memberships.get(view, id, wanted),
  Event: ({ knowledge, view }, id, wanted) => knowledge.events.get(view, id, wanted),
  Article: ({ knowledge, view }, id, wanted) => knowledge.articles.get(view, id, wanted),
  Statement: ({ knowledge, view }, id, wanted) => knowledge.statements.get(view, id, wanted),
  Reference: ({ knowledge, view }, id, wanted) => knowledge.references.get(view, id, wanted),
  Mention: ({ knowledge, view }, id, wanted) => knowledge.mentions.get(view, id, wanted),
  DatedOfficeStatus: ({ knowledge, view }, id, wanted) =>
    knowledge.officeStatusRecords.get(view, id, wanted),
};

/** The record of this type and key, with the name of its type; null where the viewer may see none. */
export async function loadNode(
  context: GraphContext,
  type: NodeType,
  id: string,
  wanted: SelectedColumns,
): Promise<Typed<{ id: string }> | null> {
  const row = await loaders[type](context, id, wanted);
  return row ? { ...row, __typename: type } : null;
}

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'The record with this id; null where there is none.',
    args: { id: t.arg.id({ required: true, description: 'An `id` that this API gave.' }) },
    resolve: (_root, { id }, context, info) => {
      const { type, id: key } = decodeGlobalId(id, 'id');
      return loadNode(context, type, key, selectedColumns(info));
    },
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `The records with these ids, at most ${maxNodes}, in the order asked for; null where there is none.`,
    args: {
      ids: t.arg.idList({ required: true, description: '`id`s that this API gave.' }),
    },
    resolve: (_root, { ids }, context, info) => {
      if (ids.length > maxNodes) {
        throw badInput('ids', `must be at most ${maxNodes}, but are ${ids.length}; ask in parts`);
      }
      return Promise.all(
        ids.map((id) => {
          const { type, id: key } = decodeGlobalId(id, 'ids');
          return loadNode(context, type, key, selectedColumns(info));
        }),
      );
    },
  }),
}));
