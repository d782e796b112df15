/** `node(id)` and `nodes(ids)`: any record by its global id. */
import type { Knowledge } from '../../knowledge/knowledge.js';
import { builder } from '../builder.js';
import { badInput } from '../errors.js';
import { Node, type Typed } from '../refs.js';
import { decodeGlobalId, encodeGlobalId, type NodeType } from './globalId.js';

const mostNodes = 100;

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

type Loader = (knowledge: Knowledge, id: string) => Promise<{ id: string } | undefined>;

const loaders: Record<NodeType, Loader> = {
  Organization: ({ entities }, id) => entities.as('ORGANIZATION', { id }),
  Person: ({ entities }, id) => entities.as('PERSON', { id }),
  Office: ({ entities }, id) => entities.as('OFFICE', { id }),
  Place: ({ entities }, id) => entities.as('PLACE', { id }),
  Position: ({ positions }, id) => positions.get(id),
  Membership: ({ memberships }, id) => memberships.get(id),
  Event: ({ events }, id) => events.get(id),
  Article: ({ articles }, id) => articles.get(id),
  Statement: ({ statements }, id) => statements.get(id),
  Reference: ({ references }, id) => references.get(id),
  Mention: ({ mentions }, id) => mentions.get(id),
  DatedOfficeStatus: ({ officeStatusRecords }, id) => officeStatusRecords.get(id),
};

/** The record of this type and key, with the name of its type; null where readers may see none. */
export async function loadNode(
  knowledge: Knowledge,
  type: NodeType,
  id: string,
): Promise<Typed<{ id: string }> | null> {
  const row = await loaders[type](knowledge, id);
  return row ? { ...row, __typename: type } : null;
}

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'The record with this id; null where there is none.',
    args: { id: t.arg.id({ required: true, description: 'An `id` that this API gave.' }) },
    resolve: (_root, { id }, { knowledge }) => {
      const { type, id: key } = decodeGlobalId(id, 'id');
      return loadNode(knowledge, type, key);
    },
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description: `The records with these ids, at most ${mostNodes}, in the order asked for; null where there is none.`,
    args: {
      ids: t.arg.idList({ required: true, description: '`id`s that this API gave.' }),
    },
    resolve: (_root, { ids }, { knowledge }) => {
      if (ids.length > mostNodes) {
        throw badInput('ids', `must be at most ${mostNodes}, but are ${ids.length}; ask in parts`);
      }
      return Promise.all(
        ids.map((id) => {
          const { type, id: key } = decodeGlobalId(id, 'ids');
          return loadNode(knowledge, type, key);
        }),
      );
    },
  }),
}));
