import type { OrganizationFilter, OrganizationRecord } from '../knowledge/model/organization.js';
import { articleListing } from './article.js';
import { builder } from './builder.js';
import { entityKeys, linked, named } from './links.js';
import { describedEnum } from './values/enum.js';
import { membershipListing } from './membership.js';
import { officeListing } from './office.js';
import { positionListing } from './position.js';
import { Entity, Node, Organization, Place, Sourced } from './refs.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';
import { statementListing } from './statement.js';

export const OrganizationKind = describedEnum<OrganizationRecord['kind']>(
  'OrganizationKind',
  'What kind of organization it is.',
  {
    ALLIANCE: 'States allied for security or defence. Example: NATO.',
    INTERNATIONAL_ORGANIZATION: 'An organization of states. Example: the United Nations.',
    STATE: 'A state as an actor; its territory is a Place.',
    GOVERNMENT: 'The government of a state or region.',
    MINISTRY: 'A ministry or department of a government.',
    LEGISLATURE: 'A parliament or one of its chambers.',
    COMMITTEE: 'A committee or council within another organization.',
    COURT: 'A court or tribunal.',
    PARTY: 'A political party.',
    COMPANY: 'A company.',
    NEWS_MEDIUM: 'A newspaper, agency or broadcaster.',
    PROGRAMME: 'A programme of cooperation.',
    NON_GOVERNMENTAL: 'An association or foundation apart from states and business.',
    OTHER: 'None of these.',
  },
);

const OrganizationFilterInput = builder.inputType('OrganizationFilter', {
  description: 'Which organizations. All fields given must hold; a list means any of it.',
  fields: (t) => ({
    kind: t.field({ type: [OrganizationKind], description: 'Of any of these kinds.' }),
    parent: t.stringList({ description: 'Directly below any of these, by id or slug.' }),
    home: t.stringList({ description: 'At home in any of these places, by id or slug.' }),
    memberOf: t.stringList({
      description: 'Ever a member, partner, observer … of any of these, by id or slug.',
    }),
    referenced: t.boolean({ description: 'Whether a passage of an article supports its entry.' }),
  }),
});

export const organizationListing = {
  connection: connectionType('Organization', Organization),
  filter: filterInput(
    OrganizationFilterInput,
    async (input, context): Promise<OrganizationFilter> => ({
      kind: input.kind ?? undefined,
      parent: await entityKeys(input.parent, 'filter.parent', context),
      home: await entityKeys(input.home, 'filter.home', context),
      memberOf: await entityKeys(input.memberOf, 'filter.memberOf', context),
      referenced: input.referenced ?? undefined,
    }),
    ['parent', 'home'],
  ),
  order: orderInput(
    'Organization',
    { NAME: 'Its name, without regard to case and accents.', ADDED: 'When it was added.' },
    { field: 'NAME', direction: 'ASC' },
  ),
};

Organization.implement({
  description:
    'An alliance, international organization, state, government, ministry, news medium, company, party, committee …',
  interfaces: [Node, Sourced, Entity],
  fields: (t) => ({
    kind: t.expose('kind', {
      type: OrganizationKind,
      description: 'What kind of organization it is.',
    }),
    parent: t.field({
      type: Organization,
      nullable: true,
      description: 'The organization that it is a part of; null where it is part of none.',
      resolve: ({ parentId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', parentId, info),
    }),
    children: t.field(
      connection(organizationListing, {
        description: 'The organizations that are a part of it.',
        list: ({ organizations }) => organizations,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'parent', id }),
      }),
    ),
    home: t.field({
      type: Place,
      nullable: true,
      description:
        "Where it is at home: a state's territory, a company's seat; null where not known.",
      resolve: ({ homeId }, _args, context, info) => linked(context, 'PLACE', homeId, info),
    }),
    offices: t.field(
      connection(officeListing, {
        description:
          'The offices that it keeps. Example: `offices(filter: { kind: [LIAISON], status: [OPEN] })`.',
        list: ({ offices }) => offices,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'organization', id }),
      }),
    ),
    accreditedOffices: t.field(
      connection(officeListing, {
        description: "The offices of others that are accredited to it: Japan's mission to NATO.",
        list: ({ offices }) => offices,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'accreditedTo', id }),
      }),
    ),
    positions: t.field(
      connection(positionListing, {
        description: 'Who holds and held which post in it.',
        list: ({ positions }) => positions,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'organization', id }),
      }),
    ),
    members: t.field(
      connection(membershipListing, {
        description: 'Its members, partners, observers and candidates.',
        list: ({ memberships }) => memberships,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'organization', id }),
      }),
    ),
    memberships: t.field(
      connection(membershipListing, {
        description: 'The organizations of which it is a member, partner, observer or candidate.',
        list: ({ memberships }) => memberships,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'member', id }),
      }),
    ),
    statements: t.field(
      connection(statementListing, {
        description: 'What it said itself and what was said on its behalf.',
        list: ({ statements }) => statements,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'voice', id }),
      }),
    ),
    articles: t.field(
      connection(articleListing, {
        description: 'The articles that it published.',
        list: ({ articles }) => articles,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'publisher', id }),
      }),
    ),
  }),
});

builder.queryFields((t) => ({
  organization: t.field({
    type: Organization,
    nullable: true,
    description:
      'The organization with this slug; null where there is none. Example: `organization(slug: "nato")`.',
    args: { slug: t.arg.string({ required: true, description: 'Its slug, present or former.' }) },
    resolve: (_root, { slug }, context, info) => named(context, 'ORGANIZATION', slug, info),
  }),
  organizations: t.field(
    connection(organizationListing, {
      description: 'All organizations.',
      list: ({ organizations }) => organizations,
    }),
  ),
}));
