import type { Edge } from '../../knowledge/discovery/paths/edges.js';
import { symmetric, type Relation } from '../../knowledge/discovery/paths/relations.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import { linkedEntity } from '../links.js';
import { Entity, Node } from '../refs.js';
import { requiredEnd } from '../requiredEnd.js';
import { loadNode } from '../relay/node.js';
import { selectedColumns } from '../relay/selection.js';
import { describedEnum } from '../values/enum.js';
import { factReferences } from './fact.js';

export const RelationEnum = describedEnum<Relation>(
  'Relation',
  'In which way two entities are connected. A step may be taken in either direction; see `isInverse`.',
  {
    POSITION: 'A person holds or held a post in an organization.',
    MEMBERSHIP: 'An organization is or was member, partner, observer … of another.',
    OFFICE:
      'An organization keeps an office in a place. The office itself is connected with both in this way, too.',
    ACCREDITATION:
      'An organization keeps an office that is accredited to another entity; or the office is.',
    STATEMENT_ABOUT: 'Somebody said something about an entity.',
    ON_BEHALF_OF: 'Somebody said something on behalf of an entity.',
    AUDIENCE: 'Somebody said something to an entity.',
    PARENT: 'An organization is part of another.',
    WITHIN: 'A place lies within another.',
    HOME: 'An organization is at home in a place; a state in its country.',
    EVENT: 'Both took part in one event.',
    CO_MENTION: 'One article mentions both. Says little, and is used only where `via` asks for it.',
  },
);

export const PathStep = builder.objectRef<Edge>('PathStep').implement({
  description: 'Two entities that are connected, and the fact that says so.',
  fields: (t) => ({
    from: t.field({
      type: Entity,
      nullable: true,
      description: requiredEnd('Where the step begins.'),
      resolve: ({ from }, _args, context, info) => linkedEntity(context, from, info),
    }),
    relation: t.expose('relation', { type: RelationEnum, description: 'How they are connected.' }),
    isInverse: t.boolean({
      description:
        'Whether the relation leads from `to` to `from`: with POSITION from the organization to the person who holds the post. Never with EVENT and CO_MENTION, which are the same in both directions.',
      resolve: ({ relation, isInverse }) => isInverse && !symmetric.has(relation),
    }),
    to: t.field({
      type: Entity,
      nullable: true,
      description: requiredEnd('Where it leads.'),
      resolve: ({ to }, _args, context, info) => linkedEntity(context, to, info),
    }),
    start: t.field({
      type: 'PartialDate',
      nullable: true,
      description:
        'Since when: when a post was taken, a membership began, something was said, an event began or an article was published; null where not known.',
      resolve: async (edge, _args, context) => (await datesOf(edge, context)).start,
    }),
    end: t.field({
      type: 'PartialDate',
      nullable: true,
      description: 'Until when; null where not known, `".."` where it is known to last.',
      resolve: async (edge, _args, context) => (await datesOf(edge, context)).end,
    }),
    fact: t.field({
      type: Node,
      nullable: true,
      description:
        'The record that says so: a Position, Membership, Office, Statement or Event; an Organization or Place that is part of another; the Article of a CO_MENTION. Of several the first that was added. Null only where it was deleted while the query ran.',
      resolve: ({ fact, factId }, _args, context, info) =>
        loadNode(context, fact, factId, selectedColumns(info)),
    }),
    references: t.field(
      factReferences(
        'The passages on which the fact rests. A CO_MENTION has none: the article is its `fact`.',
        ({ fact, factId }: Edge) => ({ type: fact, id: factId }),
      ),
    ),
  }),
});

/** @throws BAD_USER_INPUT for an empty list, by which nothing is connected */
export function relationsIn(via: Relation[] | null | undefined): Relation[] | undefined {
  if (via?.length === 0) throw badInput('via', 'must name at least one relation, or be left out');
  return via ?? undefined;
}

// Private:

interface Dates {
  start: string | null;
  end: string | null;
}

async function datesOf({ fact, factId }: Edge, { knowledge, view }: GraphContext): Promise<Dates> {
  const none = { start: null, end: null };
  const on = (date: string | null | undefined) => ({ start: date ?? null, end: date ?? null });
  const period = ['start', 'end'];
  switch (fact) {
    case 'Position':
      return (await knowledge.positions.get(view, factId, period)) ?? none;
    case 'Membership':
      return (await knowledge.memberships.get(view, factId, period)) ?? none;
    case 'Event':
      return (await knowledge.events.get(view, factId, period)) ?? none;
    case 'Statement':
      return on((await knowledge.statements.get(view, factId, ['saidOn']))?.saidOn);
    case 'Article':
      return on((await knowledge.articles.get(view, factId, ['publishedOn']))?.publishedOn);
    default:
      return none;
  }
}
