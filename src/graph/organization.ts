import type { OrganizationFilter, OrganizationRecord } from '../knowledge/model/organization.js';
import { articleListing } from './article.js';
import { builder } from './builder.js';
import { entityKeys, linked, slugIn } from './links.js';
import { identifierOption, namedKeys, slugArgs, slugOption } from './naming.js';
import { BodyAccessEnum } from './values/bodyAccess.js';
import { describedEnum } from './values/enum.js';
import { MembershipListFilterInput, membershipListing } from './membership.js';
import { officeListing } from './office.js';
import { positionListing } from './position.js';
import { AnyRecord, Entity, Node, Organization, Place, Sourced, Speaker } from './refs.js';
import { connection, filterInput, listFilter } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';
import { selectedColumns } from './relay/selection.js';
import { statementListing } from './statement.js';

export const OrganizationKind = describedEnum<OrganizationRecord['kind']>(
  'OrganizationKind',
  'The kind of organization.',
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
    NON_GOVERNMENTAL: 'An association or foundation independent of states and business.',
    OTHER: 'None of these.',
  },
);

const OrganizationFilterInput = builder.inputType('OrganizationFilter', {
  description: 'Selects organizations. Example: `{ kind: [STATE], home: ["japan-territory"] }`.',
  fields: (t) => ({
    slug: t.stringList(slugOption),
    identifier: t.field(identifierOption),
    kind: t.field({ type: [OrganizationKind], description: 'Of any of these kinds.' }),
    parent: t.idList({ description: 'Whose parent is any of these, by id or slug.' }),
    home: t.idList({ description: 'Whose home is any of these places, by id or slug.' }),
    memberships: t.field({
      type: MembershipListFilterInput,
      description: 'Conditions on its memberships in other organizations.',
    }),
    referenced: t.boolean({ description: 'Whether its record has references.' }),
  }),
});

export const organizationListing = {
  connection: connectionType('Organization', Organization),
  filter: filterInput(
    OrganizationFilterInput,
    async (input, context, path): Promise<OrganizationFilter> => ({
      ids: await namedKeys(input, 'ORGANIZATION', context, path),
      kind: input.kind ?? undefined,
      parent: await entityKeys(input.parent, `${path}.parent`, context, 'ORGANIZATION'),
      home: await entityKeys(input.home, `${path}.home`, context, 'PLACE'),
      memberships: await listFilter(
        membershipListing.filter,
        input.memberships,
        context,
        `${path}.memberships`,
      ),
      referenced: input.referenced ?? undefined,
    }),
    ['slug', 'identifier', 'parent', 'home'],
  ),
  order: orderInput(
    'Organization',
    { NAME: 'Its name, ignoring case and accents.', CREATED_AT: 'When it was added.' },
    { field: 'NAME', direction: 'ASC' },
  ),
};

Organization.implement({
  description:
    'An alliance, international organization, state, government, ministry, news medium, company, party, committee …',
  interfaces: [Node, AnyRecord, Sourced, Entity, Speaker],
  fields: (t) => ({
    kind: t.expose('kind', {
      type: OrganizationKind,
      description: 'The kind of organization.',
    }),
    parent: t.field({
      type: Organization,
      nullable: true,
      description: 'The organization that it is part of; null if there is none.',
      resolve: ({ parentId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', parentId, info),
    }),
    children: t.field(
      connection(organizationListing, {
        description: 'The organizations that are part of it.',
        list: ({ organizations }) => organizations,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'parent', id }),
      }),
    ),
    home: t.field({
      type: Place,
      nullable: true,
      description: 'Its home: the territory of a state, the seat of a company; null if unknown.',
      resolve: ({ homeId }, _args, context, info) => linked(context, 'PLACE', homeId, info),
    }),
    articleBodyAccess: t.expose('articleBodyAccess', {
      type: BodyAccessEnum,
      nullable: true,
      description:
        'The `bodyAccess` of new articles that it publishes; null for the default of the server.',
    }),
    offices: t.field(
      connection(officeListing, {
        description:
          'The offices that it runs. Example: `offices(filter: { kind: [LIAISON], status: [OPEN] })`.',
        list: ({ offices }) => offices,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'organization', id }),
      }),
    ),
    accreditedOffices: t.field(
      connection(officeListing, {
        description:
          "The offices of others that are accredited to it, such as Japan's mission to NATO.",
        list: ({ offices }) => offices,
        parent: ({ id }: OrganizationRecord) => ({ relation: 'accreditedTo', id }),
      }),
    ),
    positions: t.field(
      connection(positionListing, {
        description: 'The positions in it, with the people who hold or held them.',
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
        description: 'The statements that it made and those made on its behalf.',
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
      'The organization with this slug; null if there is none. Example: `organization(slug: "nato")`.',
    args: slugArgs(),
    resolve: async (_root, { slug }, { knowledge, view }, info) =>
      knowledge.entities.as(view, 'ORGANIZATION', { slug: slugIn(slug) }, selectedColumns(info)),
  }),
  organizations: t.field(
    connection(organizationListing, {
      description: 'All organizations.',
      list: ({ organizations }) => organizations,
    }),
  ),
}));
