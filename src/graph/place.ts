import type { PlaceFilter, PlaceRecord } from '../knowledge/model/place.js';
import { builder } from './builder.js';
import { Coordinates, coordinatesOf } from './values/coordinates.js';
import { limitNames } from './errors.js';
import { entityKeys, linked, slugIn } from './links.js';
import { eventListing } from './event.js';
import { identifierOption, namedKeys, slugArgs, slugOption } from './naming.js';
import { describedEnum } from './values/enum.js';
import { officeListing } from './office.js';
import { organizationListing } from './organization.js';
import { AnyRecord, Entity, Node, Place, Sourced } from './refs.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';
import { statementListing } from './statement.js';
import { selectedColumns } from './relay/selection.js';
import { circle, NearInput } from './values/near.js';

export const PlaceKind = describedEnum<PlaceRecord['kind']>('PlaceKind', 'The kind of place.', {
  COUNTRY: 'The territory of a state, or one treated like it.',
  REGION: 'A part of a country, or several countries together.',
  CITY: 'A city, town or village.',
  SITE: 'A building, a street, a compound.',
});

const PlaceFilterInput = builder.inputType('PlaceFilter', {
  description: 'Selects places. Example: `{ kind: [CITY], country: ["japan-territory"] }`.',
  fields: (t) => ({
    slug: t.stringList(slugOption),
    identifier: t.field(identifierOption),
    kind: t.field({ type: [PlaceKind], description: 'Of any of these kinds.' }),
    within: t.idList({ description: 'Directly within any of these places, by id or slug.' }),
    country: t.idList({ description: 'Within any of these countries, by id or slug.' }),
    isoCode: t.stringList({ description: 'With any of these ISO 3166 codes. Example: `JP`.' }),
    near: t.field({ type: NearInput, description: 'Located within this circle.' }),
    referenced: t.boolean({ description: 'Whether its record has references.' }),
  }),
});

export const placeListing = {
  connection: connectionType('Place', Place),
  filter: filterInput(
    PlaceFilterInput,
    async (input, context, path): Promise<PlaceFilter> => ({
      ids: await namedKeys(input, 'PLACE', context, path),
      kind: input.kind ?? undefined,
      within: await entityKeys(input.within, `${path}.within`, context, 'PLACE'),
      country: await entityKeys(input.country, `${path}.country`, context, 'PLACE'),
      isoCode: limitNames(input.isoCode, `${path}.isoCode`),
      near: circle(input.near, `${path}.near`),
      referenced: input.referenced ?? undefined,
    }),
    ['slug', 'identifier', 'within'],
  ),
  order: orderInput(
    'Place',
    { NAME: 'Its name, ignoring case and accents.', CREATED_AT: 'When it was added.' },
    { field: 'NAME', direction: 'ASC' },
  ),
};

Place.implement({
  description: 'A country, region, city or site. A state as an actor is an Organization.',
  interfaces: [Node, AnyRecord, Sourced, Entity],
  fields: (t) => ({
    kind: t.expose('kind', { type: PlaceKind, description: 'The kind of place.' }),
    isoCode: t.exposeString('isoCode', {
      nullable: true,
      description:
        'Its ISO 3166-1 alpha-2 or 3166-2 code. Example: `JP`, `JP-13`. Null if it has none or it is unknown.',
    }),
    coordinates: t.field({
      type: Coordinates,
      nullable: true,
      description: 'Its location; null if unknown.',
      columns: ['latitude', 'longitude'],
      resolve: coordinatesOf,
    }),
    within: t.field({
      type: Place,
      nullable: true,
      description: 'The place in which it is located; null if unknown.',
      resolve: ({ withinId }, _args, context, info) => linked(context, 'PLACE', withinId, info),
    }),
    country: t.field({
      type: Place,
      nullable: true,
      description: 'The country in which it is located; of a country, itself. Null if unknown.',
      resolve: ({ countryId }, _args, context, info) => linked(context, 'PLACE', countryId, info),
    }),
    places: t.field(
      connection(placeListing, {
        description: 'The places directly within it.',
        list: ({ places }) => places,
        parent: ({ id }: PlaceRecord) => ({ relation: 'within', id }),
      }),
    ),
    eventsHere: t.field(
      connection(eventListing, {
        description:
          'The events that took place directly in it; `events` are those in which it took part.',
        list: ({ events }) => events,
        parent: ({ id }: PlaceRecord) => ({ relation: 'place', id }),
      }),
    ),
    statementsHere: t.field(
      connection(statementListing, {
        description:
          'The statements that were made directly in it; `statementsAbout` are those about it.',
        list: ({ statements }) => statements,
        parent: ({ id }: PlaceRecord) => ({ relation: 'place', id }),
      }),
    ),
    offices: t.field(
      connection(officeListing, {
        description:
          'The offices located directly in it; for those of a whole country: `offices(filter: { country: ["japan-territory"] })`.',
        list: ({ offices }) => offices,
        parent: ({ id }: PlaceRecord) => ({ relation: 'place', id }),
      }),
    ),
    accreditedOffices: t.field(
      connection(officeListing, {
        description: 'The offices that are accredited to it.',
        list: ({ offices }) => offices,
        parent: ({ id }: PlaceRecord) => ({ relation: 'accreditedTo', id }),
      }),
    ),
    organizations: t.field(
      connection(organizationListing, {
        description: 'The organizations whose home it is.',
        list: ({ organizations }) => organizations,
        parent: ({ id }: PlaceRecord) => ({ relation: 'home', id }),
      }),
    ),
  }),
});

builder.queryFields((t) => ({
  place: t.field({
    type: Place,
    nullable: true,
    description:
      'The place with this slug; null if there is none. Example: `place(slug: "tokyo")`.',
    args: slugArgs(),
    resolve: async (_root, { slug }, { knowledge, view }, info) =>
      knowledge.entities.as(view, 'PLACE', { slug: slugIn(slug) }, selectedColumns(info)),
  }),
  places: t.field(
    connection(placeListing, {
      description:
        'All places. Example: `places(filter: { near: { latitude: 48.21, longitude: 16.37, radiusKm: 50 } })`.',
      list: ({ places }) => places,
    }),
  ),
}));
