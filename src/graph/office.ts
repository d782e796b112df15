import type { OfficeFilter, OfficeRecord, OfficeStatus } from '../knowledge/model/office.js';
import { text } from './costs.js';
import { builder } from './builder.js';
import { Coordinates, coordinatesOf } from './values/coordinates.js';
import { entityKeys, linked, linkedEntities, linkedEntity, requiredEnd, slugIn } from './links.js';
import { asOfOf, certaintyOption, heldOf } from './values/asOf.js';
import { identifierOption, namedKeys, slugArgs, slugOption } from './naming.js';
import { describedEnum } from './values/enum.js';
import { endField, endKindField, startField } from './values/period.js';
import { referenceListing } from './reference.js';
import {
  AnyRecord,
  DatedOfficeStatus,
  Entity,
  Node,
  Office,
  Organization,
  Place,
  Sourced,
} from './refs.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';
import { selectedColumns } from './relay/selection.js';
import { circle, NearInput } from './values/near.js';

export const OfficeKind = describedEnum<OfficeRecord['kind']>('OfficeKind', 'The kind of office.', {
  HEADQUARTERS: 'The seat of the organization.',
  LIAISON: 'A liaison office, which keeps contact with a partner.',
  REGIONAL: 'A regional office.',
  EMBASSY: 'The diplomatic mission of a state to another, led by an ambassador.',
  HIGH_COMMISSION: 'An embassy between members of the Commonwealth.',
  NUNCIATURE: 'An embassy of the Holy See.',
  CONSULATE: 'A consulate, which serves citizens and trade abroad.',
  CONSULATE_GENERAL: 'A consulate of the highest rank.',
  HONORARY_CONSULATE: 'A consulate led by an honorary consul.',
  MISSION: 'A permanent mission, as of a state to an international organization.',
  REPRESENTATIVE: 'A representative office below the rank of an embassy.',
  FIELD: 'A field office of an operation.',
  DISTRICT: 'The office of a legislator for constituents.',
  OTHER: 'None of these.',
});

export const OfficeStatusEnum = describedEnum<OfficeStatus>(
  'OfficeStatus',
  'The status of an office.',
  {
    PROPOSED: 'Proposed.',
    PLANNED: 'Decided on, but not yet open.',
    OPEN: 'Open.',
    SUSPENDED: 'Closed temporarily.',
    CLOSED: 'Closed permanently.',
  },
);

const OfficeFilterInput = builder.inputType('OfficeFilter', {
  description:
    'Selects offices. Example, the liaison offices open in May 2023: `{ kind: [LIAISON], status: [OPEN], asOf: "2023-05" }`.',
  fields: (t) => ({
    slug: t.stringList(slugOption),
    identifier: t.field(identifierOption),
    kind: t.field({ type: [OfficeKind], description: 'Of any of these kinds.' }),
    status: t.field({
      type: [OfficeStatusEnum],
      description:
        'With any of these statuses: the last known, or that of the date in `asOf` or of today with `current`.',
    }),
    asOf: t.field({
      type: 'PartialDate',
      description:
        'With `status`: offices that had that status at some time in this date; see `certainty`. Without `status`: offices that are not known to have been closed then or, with `certainty: CERTAINLY`, that are known to have had another status.',
    }),
    current: t.boolean({
      description:
        'With `true` the same as `asOf` with the date of today, in UTC; in a query `@asKnownAt` a moment, of its day. With `false` the other offices. Not together with `asOf`.',
    }),
    certainty: t.field(certaintyOption),
    organization: t.idList({ description: 'Of any of these organizations, by id or slug.' }),
    place: t.idList({
      description: 'Located directly in any of these places, by id or slug.',
    }),
    country: t.idList({ description: 'Located in any of these countries, by id or slug.' }),
    within: t.idList({
      description:
        'Located in any of these places or in places within them, at any depth, by id or slug.',
    }),
    near: t.field({
      type: NearInput,
      description:
        'Located within this circle, by its own coordinates or, if these are unknown, by those of its place.',
    }),
    accreditedTo: t.idList({ description: 'Accredited to any of these, by id or slug.' }),
    referenced: t.boolean({ description: 'Whether its record has references.' }),
  }),
});

export const officeListing = {
  connection: connectionType('Office', Office, {
    KIND: 'The kind of office.',
    STATUS: 'The last status known.',
    ORGANIZATION: 'The organization that runs it.',
    PLACE: 'The place.',
    COUNTRY: 'The country.',
    ACCREDITED_TO: 'The entity to which it is accredited first of all.',
    OPENED_YEAR: 'The year in which it first opened.',
  }),
  filter: filterInput(
    OfficeFilterInput,
    async (input, context, path): Promise<OfficeFilter> => ({
      ids: await namedKeys(input, 'OFFICE', context, path),
      kind: input.kind ?? undefined,
      status: input.status ?? undefined,
      asOf: heldOf(input, context, path),
      organization: await entityKeys(
        input.organization,
        `${path}.organization`,
        context,
        'ORGANIZATION',
      ),
      place: await entityKeys(input.place, `${path}.place`, context, 'PLACE'),
      country: await entityKeys(input.country, `${path}.country`, context, 'PLACE'),
      within: await entityKeys(input.within, `${path}.within`, context, 'PLACE'),
      near: circle(input.near, `${path}.near`),
      accreditedTo: await entityKeys(
        input.accreditedTo,
        `${path}.accreditedTo`,
        context,
        'ORGANIZATION',
        'PLACE',
      ),
      referenced: input.referenced ?? undefined,
    }),
    ['slug', 'identifier', 'organization', 'place'],
  ),
  order: orderInput(
    'Office',
    { NAME: 'Its name, ignoring case and accents.', CREATED_AT: 'When it was added.' },
    { field: 'NAME', direction: 'ASC' },
  ),
};

DatedOfficeStatus.implement({
  description: 'A status of an office in a period, with the passages that support it.',
  interfaces: [Node, Sourced],
  fields: (t) => ({
    status: t.expose('status', { type: OfficeStatusEnum, description: 'The status.' }),
    start: t.expose('start', startField),
    end: t.expose('end', endField),
    endKind: t.field(endKindField),
    office: t.field({
      type: Office,
      nullable: true,
      description: requiredEnd('The office.'),
      resolve: ({ officeId }, _args, context, info) => linked(context, 'OFFICE', officeId, info),
    }),
    references: t.field(
      connection(referenceListing, {
        description: 'The passages that support it.',
        list: ({ references }) => references,
        parent: ({ id }: { id: string }) => ({ relation: 'officeStatus', id }),
      }),
    ),
  }),
});

Office.implement({
  description:
    'A place of work of an organization: headquarters, liaison office, embassy, consulate, mission …',
  interfaces: [Node, AnyRecord, Sourced, Entity],
  fields: (t) => ({
    kind: t.expose('kind', { type: OfficeKind, description: 'The kind of office.' }),
    status: t.field({
      type: OfficeStatusEnum,
      nullable: true,
      costs: { perItem: { argument: 'asOf', weight: 1 } },
      description:
        'The last of its `statuses`, whether past, present or future, or the last that held as of a date; null if none is known.',
      args: {
        asOf: t.arg({
          type: 'PartialDate',
          description: 'The last status that held at some time in this date; see `certainty`.',
        }),
        certainty: t.arg(certaintyOption),
      },
      resolve: async ({ id, status }, args, { knowledge, view }) => {
        const asOf = asOfOf(args);
        if (!asOf) return status;
        const statuses = await knowledge.officeStatuses.of(view, id, { asOf });
        return statuses.at(-1)?.status ?? null;
      },
    }),
    statuses: t.field({
      type: [DatedOfficeStatus],
      description: 'Its statuses, oldest first: proposed, planned, open, closed …',
      args: {
        asOf: t.arg({
          type: 'PartialDate',
          description: 'Only statuses that held at some time in this date; see `certainty`.',
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
      description: requiredEnd('The organization that runs it.'),
      resolve: ({ organizationId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', organizationId, info),
    }),
    place: t.field({
      type: Place,
      nullable: true,
      description: 'The place in which it is located; null if unknown.',
      resolve: ({ placeId }, _args, context, info) => linked(context, 'PLACE', placeId, info),
    }),
    accreditedTo: t.field({
      type: Entity,
      nullable: true,
      description:
        "The organization or place to which it is accredited first of all: NATO's liaison office *at the UN* is located in New York. Null if there is none.",
      resolve: ({ accreditedToId }, _args, context, info) =>
        linkedEntity(context, accreditedToId, info),
    }),
    alsoAccreditedTo: t.field({
      type: [Entity],
      description:
        'Other entities to which it is accredited, as embassies often are to neighbouring states.',
      resolve: async ({ id }, _args, context, info) =>
        linkedEntities(
          context,
          await context.knowledge.officeAccreditations.of(context.view, id),
          info,
        ),
    }),
    staffCount: t.exposeInt('staffCount', {
      nullable: true,
      description: 'The number of people who work there; null if unknown.',
    }),
    address: t.exposeString('address', {
      costs: text,
      nullable: true,
      description: 'Its postal address, in one line; null if unknown.',
    }),
    coordinates: t.field({
      type: Coordinates,
      nullable: true,
      description: 'Its exact location; null if unknown.',
      columns: ['latitude', 'longitude'],
      resolve: coordinatesOf,
    }),
  }),
});

builder.queryFields((t) => ({
  office: t.field({
    type: Office,
    nullable: true,
    description: 'The office with this slug; null if there is none.',
    args: slugArgs(),
    resolve: async (_root, { slug }, { knowledge, view }, info) =>
      knowledge.entities.as(view, 'OFFICE', { slug: slugIn(slug) }, selectedColumns(info)),
  }),
  offices: t.field(
    connection(officeListing, {
      description: 'All offices. Example: `offices(filter: { kind: [LIAISON] })`.',
      list: ({ offices }) => offices,
    }),
  ),
}));
