import type { OfficeFilter, OfficeRecord, OfficeStatus } from '../knowledge/model/office.js';
import { text } from './costs.js';
import { builder } from './builder.js';
import { Coordinates, coordinatesOf } from './values/coordinates.js';
import { entityKeys, linked, linkedEntities, linkedEntity, named } from './links.js';
import { asOfOf, certaintyOption } from './values/asOf.js';
import { describedEnum } from './values/enum.js';
import { referenceListing } from './reference.js';
import { DatedOfficeStatus, Entity, Node, Office, Organization, Place, Sourced } from './refs.js';
import { requiredEnd } from './requiredEnd.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';
import { circle, NearInput } from './values/near.js';

export const OfficeKind = describedEnum<OfficeRecord['kind']>(
  'OfficeKind',
  'What an office is for.',
  {
    HEADQUARTERS: 'The seat of the organization.',
    LIAISON: 'A liaison office: keeps contact with a partner.',
    REGIONAL: 'Serves a region.',
    EMBASSY: 'The diplomatic mission of a state to another, led by an ambassador.',
    HIGH_COMMISSION: 'An embassy between members of the Commonwealth.',
    NUNCIATURE: 'An embassy of the Holy See.',
    CONSULATE: 'Serves citizens and trade abroad.',
    CONSULATE_GENERAL: 'A consulate of the highest rank.',
    HONORARY_CONSULATE: 'A consulate led by an honorary consul.',
    MISSION: 'A permanent mission, such as a state keeps at an international organization.',
    REPRESENTATIVE: 'A representative office short of an embassy.',
    FIELD: 'A field office of an operation.',
    DISTRICT: 'The office that a legislator keeps for constituents.',
    OTHER: 'None of these.',
  },
);

export const OfficeStatusEnum = describedEnum<OfficeStatus>(
  'OfficeStatus',
  'How far an office has come.',
  {
    PROPOSED: 'Somebody has proposed it.',
    PLANNED: 'It has been decided on.',
    OPEN: 'It works.',
    SUSPENDED: 'Its work rests for a time.',
    CLOSED: 'It was given up.',
  },
);

const OfficeFilterInput = builder.inputType('OfficeFilter', {
  description:
    'Which offices. All fields given must hold; a list means any of it. Example, the liaison offices open in May 2023: `{ kind: [LIAISON], status: [OPEN], asOf: "2023-05" }`.',
  fields: (t) => ({
    kind: t.field({ type: [OfficeKind], description: 'Of any of these kinds.' }),
    status: t.field({
      type: [OfficeStatusEnum],
      description:
        'With any of these statuses: the last one known, or the one held as of the date given in `asOf`.',
    }),
    asOf: t.field({
      type: 'PartialDate',
      description:
        'With `status`: had that status at some time in this date; see `certainty`. Alone: not known to have been closed then or, where it has to be certain, known to have had another status.',
    }),
    certainty: t.field(certaintyOption),
    organization: t.stringList({ description: 'Kept by any of these, by id or slug.' }),
    place: t.stringList({
      description: 'Standing directly in any of these places, by id or slug.',
    }),
    country: t.stringList({ description: 'Standing in any of these countries, by id or slug.' }),
    within: t.stringList({
      description:
        'Standing in any of these places or in places within them, at any depth, by id or slug.',
    }),
    near: t.field({
      type: NearInput,
      description:
        'Standing within this circle: by its own coordinates or, where these are not known, by those of its place.',
    }),
    accreditedTo: t.stringList({ description: 'Accredited to any of these, by id or slug.' }),
    referenced: t.boolean({ description: 'Whether a passage of an article supports its entry.' }),
  }),
});

export const officeListing = {
  connection: connectionType('Office', Office, {
    KIND: 'What the office is for.',
    STATUS: 'The last status known.',
    ORGANIZATION: 'Who keeps it.',
    PLACE: 'Where it stands.',
    COUNTRY: 'The country in which it stands.',
    ACCREDITED_TO: 'With whom it deals in the first place.',
    OPENED_YEAR: 'The year in which it first opened.',
  }),
  filter: filterInput(
    OfficeFilterInput,
    async (input, context): Promise<OfficeFilter> => ({
      kind: input.kind ?? undefined,
      status: input.status ?? undefined,
      asOf: asOfOf(input, 'filter.'),
      organization: await entityKeys(input.organization, 'filter.organization', context),
      place: await entityKeys(input.place, 'filter.place', context),
      country: await entityKeys(input.country, 'filter.country', context),
      within: await entityKeys(input.within, 'filter.within', context),
      near: circle(input.near, 'filter.near'),
      accreditedTo: await entityKeys(input.accreditedTo, 'filter.accreditedTo', context),
      referenced: input.referenced ?? undefined,
    }),
    ['organization', 'place'],
  ),
  order: orderInput(
    'Office',
    { NAME: 'Its name, without regard to case and accents.', ADDED: 'When it was added.' },
    { field: 'NAME', direction: 'ASC' },
  ),
};

DatedOfficeStatus.implement({
  description: 'A status that an office had for a time, with the passages that say so.',
  interfaces: [Node, Sourced],
  fields: (t) => ({
    status: t.expose('status', { type: OfficeStatusEnum, description: 'The status.' }),
    start: t.expose('start', {
      type: 'PartialDate',
      nullable: true,
      description: 'Since when; null where not known.',
    }),
    end: t.expose('end', {
      type: 'PartialDate',
      nullable: true,
      description: 'Until when; null where not known, `".."` where it is known to last.',
    }),
    office: t.field({
      type: Office,
      nullable: true,
      description: requiredEnd('The office.'),
      resolve: ({ officeId }, _args, context, info) => linked(context, 'OFFICE', officeId, info),
    }),
    references: t.field(
      connection(referenceListing, {
        description: 'The passages that say so.',
        list: ({ references }) => references,
        parent: ({ id }: { id: string }) => ({ relation: 'officeStatus', id }),
      }),
    ),
  }),
});

Office.implement({
  description:
    'A place of work that an organization keeps: headquarters, liaison office, embassy, consulate, mission …',
  interfaces: [Node, Sourced, Entity],
  fields: (t) => ({
    kind: t.expose('kind', { type: OfficeKind, description: 'What it is for.' }),
    status: t.expose('status', {
      type: OfficeStatusEnum,
      nullable: true,
      description:
        'The last of its `statuses`, whenever it starts or ended; null where none is known. What it was on a day: `statuses(asOf:)`.',
    }),
    statuses: t.field({
      type: [DatedOfficeStatus],
      description: 'Its history, oldest first: proposed, planned, open, closed …',
      args: {
        asOf: t.arg({
          type: 'PartialDate',
          description: 'Only what held at some time in this date; see `certainty`.',
        }),
        certainty: t.arg(certaintyOption),
      },
      resolve: ({ id }, args, { knowledge, view }) => {
        const asOf = asOfOf(args);
        return knowledge.officeStatuses.of(view, id, asOf ? { asOf } : undefined);
      },
    }),
    organization: t.field({
      type: Organization,
      nullable: true,
      description: requiredEnd('The organization that keeps it.'),
      resolve: ({ organizationId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', organizationId, info),
    }),
    place: t.field({
      type: Place,
      nullable: true,
      description: 'Where it stands; null where not known.',
      resolve: ({ placeId }, _args, context, info) => linked(context, 'PLACE', placeId, info),
    }),
    accreditedTo: t.field({
      type: Entity,
      nullable: true,
      description:
        "The organization or place that it deals with in the first place: NATO's liaison office *at the UN* stands in New York. Null where none is told.",
      resolve: ({ accreditedToId }, _args, context, info) =>
        linkedEntity(context, accreditedToId, info),
    }),
    alsoAccreditedTo: t.field({
      type: [Entity],
      description: 'Whom else it deals with, as embassies often do with neighbouring states.',
      resolve: async ({ id }, _args, context, info) =>
        linkedEntities(
          context,
          await context.knowledge.officeAccreditations.of(context.view, id),
          info,
        ),
    }),
    staffCount: t.exposeInt('staffCount', {
      nullable: true,
      description: 'How many people work there; null where not known.',
    }),
    address: t.exposeString('address', {
      costs: text,
      nullable: true,
      description: 'Its postal address, in one line; null where not known.',
    }),
    coordinates: t.field({
      type: Coordinates,
      nullable: true,
      description: 'Where exactly it stands; null where not known.',
      columns: ['latitude', 'longitude'],
      resolve: coordinatesOf,
    }),
  }),
});

builder.queryFields((t) => ({
  office: t.field({
    type: Office,
    nullable: true,
    description: 'The office with this slug; null where there is none.',
    args: { slug: t.arg.string({ required: true, description: 'Its slug, present or former.' }) },
    resolve: (_root, { slug }, context, info) => named(context, 'OFFICE', slug, info),
  }),
  offices: t.field(
    connection(officeListing, {
      description: 'All offices. Example: `offices(filter: { kind: [LIAISON] })`.',
      list: ({ offices }) => offices,
    }),
  ),
}));
