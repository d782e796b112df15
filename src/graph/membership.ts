import type { MembershipFilter, MembershipRecord } from '../knowledge/model/membership.js';
import { builder } from './builder.js';
import { entityKeys, linked } from './links.js';
import { asOfOf, certaintyOption } from './values/asOf.js';
import { describedEnum } from './values/enum.js';
import { referenceListing } from './reference.js';
import { Membership, Node, Organization, Sourced } from './refs.js';
import { requiredEnd } from './requiredEnd.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';

export const MembershipRole = describedEnum<MembershipRecord['role']>(
  'MembershipRole',
  'As what an organization belongs to another.',
  {
    MEMBER: 'A full member.',
    ASSOCIATE: 'An associate member, with fewer rights.',
    PARTNER: 'A partner outside the membership.',
    OBSERVER: 'An observer.',
    CANDIDATE: 'It has applied or been invited.',
    OTHER: 'None of these.',
  },
);

const MembershipFilterInput = builder.inputType('MembershipFilter', {
  description: 'Which memberships. All fields given must hold; a list means any of it.',
  fields: (t) => ({
    role: t.field({ type: [MembershipRole], description: 'In any of these roles.' }),
    member: t.stringList({ description: 'Of any of these, by id or slug.' }),
    organization: t.stringList({ description: 'In any of these, by id or slug.' }),
    asOf: t.field({
      type: 'PartialDate',
      description: 'Held at some time in this date; see `certainty`.',
    }),
    certainty: t.field(certaintyOption),
    referenced: t.boolean({ description: 'Whether a passage of an article says so.' }),
  }),
});

export const membershipListing = {
  connection: connectionType('Membership', Membership),
  filter: filterInput(
    MembershipFilterInput,
    async (input, context): Promise<MembershipFilter> => ({
      role: input.role ?? undefined,
      member: await entityKeys(input.member, 'filter.member', context),
      organization: await entityKeys(input.organization, 'filter.organization', context),
      asOf: asOfOf(input, 'filter.'),
      referenced: input.referenced ?? undefined,
    }),
    ['member', 'organization'],
  ),
  order: orderInput(
    'Membership',
    { START: 'When it began; what is undated counts as oldest.', ADDED: 'When it was added.' },
    { field: 'START', direction: 'ASC' },
  ),
};

Membership.implement({
  description: 'An organization is member, partner, observer, candidate … of another, from – to.',
  interfaces: [Node, Sourced],
  fields: (t) => ({
    member: t.field({
      type: Organization,
      nullable: true,
      description: requiredEnd('The member.'),
      resolve: ({ memberId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', memberId, info),
    }),
    organization: t.field({
      type: Organization,
      nullable: true,
      description: requiredEnd('The organization that it belongs to.'),
      resolve: ({ organizationId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', organizationId, info),
    }),
    role: t.expose('role', { type: MembershipRole, description: 'As what.' }),
    start: t.expose('start', {
      type: 'PartialDate',
      nullable: true,
      description: 'When it began; null where not known.',
    }),
    end: t.expose('end', {
      type: 'PartialDate',
      nullable: true,
      description: 'When it ended; null where not known, `".."` where it is known to last.',
    }),
    references: t.field(
      connection(referenceListing, {
        description: 'The passages that say so.',
        list: ({ references }) => references,
        parent: ({ id }: MembershipRecord) => ({ relation: 'membership', id }),
      }),
    ),
  }),
});
