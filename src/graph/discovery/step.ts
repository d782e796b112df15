import type { Edge } from '../../knowledge/discovery/paths/edges.js';
import { symmetric, type Relation } from '../../knowledge/discovery/paths/relations.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import { linkedEntity, requiredEnd } from '../links.js';
import { AnyRecord, Entity } from '../refs.js';
import { loadRecord } from '../relay/node.js';
import { certaintyOption } from '../values/asOf.js';
import { describedEnum } from '../values/enum.js';
import { factReferences } from './fact.js';

export const RelationEnum = describedEnum<Relation>(
  'Relation',
  'How two entities are connected. A step may lead in either direction; see `isInverse`.',
  {
    POSITION: 'A person holds or held a position in an organization.',
    MEMBERSHIP: 'An organization is or was member, partner, observer … of another.',
    OFFICE:
      'An organization runs an office in a place. The office itself is connected with both as well.',
    ACCREDITATION:
      'An organization runs an office that is accredited to another entity; the office itself is connected with it as well.',
    STATEMENT_ABOUT: 'The speaker of a statement, and an entity that it is about.',
    ON_BEHALF_OF: 'The speaker of a statement, and the entity on whose behalf it was made.',
    AUDIENCE: 'The speaker of a statement, and an entity to which it was addressed.',
    PARENT: 'An organization is part of another.',
    WITHIN: 'A place lies within another.',
    HOME: 'The home of an organization is a place; that of a state, its territory.',
    EVENT: 'Both took part in the same event.',
    CO_MENTION: 'One article mentions both. A weak connection, used only if `via` names it.',
  },
);

export const PathStep = builder.objectRef<Edge>('PathStep').implement({
  description: 'A connection of two entities, with the fact that establishes it.',
  fields: (t) => ({
    from: t.field({
      type: Entity,
      nullable: true,
      description: requiredEnd('The entity at which the step begins.'),
      resolve: ({ from }, _args, context, info) => linkedEntity(context, from, info),
    }),
    relation: t.expose('relation', { type: RelationEnum, description: 'The relation.' }),
    isInverse: t.boolean({
      description:
        'Whether the relation leads from `to` to `from`; of a POSITION, from the organization to the person. Always false for EVENT and CO_MENTION, which are symmetric.',
      resolve: ({ relation, isInverse }) => isInverse && !symmetric.has(relation),
    }),
    to: t.field({
      type: Entity,
      nullable: true,
      description: requiredEnd('The entity at which the step ends.'),
      resolve: ({ to }, _args, context, info) => linkedEntity(context, to, info),
    }),
    start: t.field({
      type: 'PartialDate',
      nullable: true,
      description:
        'When the fact began: a position, a membership or an event began, a statement was made, an article was published; null if unknown.',
      resolve: async (edge, _args, context) => (await datesOf(edge, context)).start,
    }),
    end: t.field({
      type: 'PartialDate',
      nullable: true,
      description: 'When it ended; null if unknown, `".."` if it is known to continue.',
      resolve: async (edge, _args, context) => (await datesOf(edge, context)).end,
    }),
    fact: t.field({
      type: AnyRecord,
      nullable: true,
      description:
        'The record of the fact: a Position, Membership, Office, Statement or Event; an Organization or Place that is part of another; the Article of a CO_MENTION. Of several, the first that was added. Null only if it was deleted while the query ran.',
      resolve: ({ fact, factId }, _args, context, info) => loadRecord(context, fact, factId, info),
    }),
    references: t.field(
      factReferences(
        'The passages that support the fact. A CO_MENTION has none: the article is its `fact`.',
        ({ fact, factId }: Edge) => ({ type: fact, id: factId }),
      ),
    ),
  }),
});

/** The arguments of searches along connections: by which relations, and by facts of which time. */
export const connectionArgs = () =>
  builder.args((t) => ({
    via: t.field({
      type: [RelationEnum],
      description: 'Only by these relations. Default: all but CO_MENTION.',
    }),
    asOf: t.field({
      type: 'PartialDate',
      description:
        'Only by facts that held, and statements made, at some time in this date; see `certainty`.',
    }),
    certainty: t.field(certaintyOption),
  }));

/** @throws BAD_USER_INPUT for an empty list, which matches nothing */
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
