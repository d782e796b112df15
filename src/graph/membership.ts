import type { MembershipFilter, MembershipRecord } from '../knowledge/model/membership.js';
import { builder } from './builder.js';
import { entityKeys, linked, requiredEnd } from './links.js';
import { asOfOption, certaintyOption, currentOption, heldOf } from './values/asOf.js';
import { describedEnum } from './values/enum.js';
import { endField, endKindField, startField } from './values/period.js';
import { referenceListing } from './reference.js';
import { AnyRecord, Membership, Node, Organization, Sourced } from './refs.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';

export const MembershipRole = describedEnum<MembershipRecord['role']>(
  'MembershipRole',
  'The role of an organization in another.',
  {
    MEMBER: 'Full member.',
    ASSOCIATE: 'Associate member, with fewer rights.',
    PARTNER: 'Partner outside the membership.',
    OBSERVER: 'Observer.',
    CANDIDATE: 'Candidate: it has applied or been invited.',
    OTHER: 'None of these.',
  },
);

const MembershipFilterInput = builder.inputType('MembershipFilter', {
  description: 'Selects memberships. Example: `{ role: [PARTNER], asOf: "2023" }`.',
  fields: (t) => ({
    role: t.field({ type: [MembershipRole], description: 'In any of these roles.' }),
    member: t.idList({ description: 'Of any of these, by id or slug.' }),
    organization: t.idList({ description: 'In any of these, by id or slug.' }),
    asOf: t.field(asOfOption),
    current: t.boolean(currentOption),
    certainty: t.field(certaintyOption),
    referenced: t.boolean({ description: 'Whether it has references.' }),
  }),
});

export const MembershipListFilterInput = builder.inputType('MembershipListFilter', {
  description:
    'Conditions on the memberships of an organization in others. Example, the partners of NATO: `{ some: { organization: ["nato"], role: [PARTNER] } }`.',
  fields: (t) => ({
    some: t.field({
      type: MembershipFilterInput,
      description: 'At least one membership matches this filter as a whole.',
    }),
  }),
});

export const membershipListing = {
  connection: connectionType('Membership', Membership),
  filter: filterInput(
    MembershipFilterInput,
    async (input, context, path): Promise<MembershipFilter> => ({
      role: input.role ?? undefined,
      member: await entityKeys(input.member, `${path}.member`, context, 'ORGANIZATION'),
      organization: await entityKeys(
        input.organization,
        `${path}.organization`,
        context,
        'ORGANIZATION',
      ),
      asOf: heldOf(input, context, path),
      referenced: input.referenced ?? undefined,
    }),
    ['member', 'organization'],
  ),
  order: orderInput(
    'Membership',
    {
      START: 'When it began; undated records sort as the oldest.',
      CREATED_AT: 'When it was added.',
    },
    { field: 'START', direction: 'ASC' },
  ),
};

Membership.implement({
  description:
    'The membership of an organization in another, as member, partner, observer, candidate …, in a period.',
  interfaces: [Node, AnyRecord, Sourced],
  fields: (t) => ({
    member: t.field({
      type: Organization,
      nullable: true,
      description: requiredEnd('The organization that is the member.'),
      resolve: ({ memberId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', memberId, info),
    }),
    organization: t.field({
      type: Organization,
      nullable: true,
      description: requiredEnd('The organization of which it is a member.'),
      resolve: ({ organizationId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', organizationId, info),
    }),
    role: t.expose('role', { type: MembershipRole, description: 'The role.' }),
    start: t.expose('start', startField),
    end: t.expose('end', endField),
    endKind: t.field(endKindField),
    references: t.field(
      connection(referenceListing, {
        description: 'The passages that support it.',
        list: ({ references }) => references,
        parent: ({ id }: MembershipRecord) => ({ relation: 'membership', id }),
      }),
    ),
  }),
});

builder.queryField('memberships', (t) =>
  t.field(
    connection(membershipListing, {
      description:
        'All memberships. Example: `memberships(filter: { role: [PARTNER], organization: ["nato"] })`.',
      list: ({ memberships }) => memberships,
    }),
  ),
);
