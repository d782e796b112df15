import type { PersonFilter, PersonRecord } from '../knowledge/model/person.js';
import { builder } from './builder.js';
import { slugIn } from './links.js';
import { identifierOption, namedKeys, slugArgs, slugOption } from './naming.js';
import { PositionListFilterInput, positionListing } from './position.js';
import { AnyRecord, Entity, Node, Person, Sourced, Speaker } from './refs.js';
import { connection, filterInput, listFilter } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';
import { selectedColumns } from './relay/selection.js';
import { statementListing } from './statement.js';

const PersonFilterInput = builder.inputType('PersonFilter', {
  description: 'Selects people. Example, those without a reference: `{ referenced: false }`.',
  fields: (t) => ({
    slug: t.stringList(slugOption),
    identifier: t.field(identifierOption),
    positions: t.field({
      type: PositionListFilterInput,
      description: 'Conditions on the positions that the person holds or held.',
    }),
    referenced: t.boolean({ description: 'Whether the record has references.' }),
  }),
});

export const personListing = {
  connection: connectionType('Person', Person),
  filter: filterInput(
    PersonFilterInput,
    async (input, context, path): Promise<PersonFilter> => ({
      ids: await namedKeys(input, 'PERSON', context, path),
      positions: await listFilter(
        positionListing.filter,
        input.positions,
        context,
        `${path}.positions`,
      ),
      referenced: input.referenced ?? undefined,
    }),
    ['slug', 'identifier'],
  ),
  order: orderInput(
    'Person',
    {
      NAME: 'The name as written, ignoring case and accents.',
      CREATED_AT: 'When the record was added.',
    },
    { field: 'NAME', direction: 'ASC' },
  ),
};

Person.implement({
  description: 'A person in public affairs.',
  interfaces: [Node, AnyRecord, Sourced, Entity, Speaker],
  fields: (t) => ({
    birthDate: t.expose('birthDate', {
      type: 'PartialDate',
      nullable: true,
      description: 'When the person was born; null if unknown.',
    }),
    deathDate: t.expose('deathDate', {
      type: 'PartialDate',
      nullable: true,
      description:
        'When the person died; null if unknown, `".."` if the person is known to be alive.',
    }),
    positions: t.field(
      connection(positionListing, {
        description:
          'The positions that the person holds or held. Example: `positions(filter: { asOf: "2023-04" })`.',
        list: ({ positions }) => positions,
        parent: ({ id }: PersonRecord) => ({ relation: 'person', id }),
      }),
    ),
    statements: t.field(
      connection(statementListing, {
        description:
          'The statements of the person. Example: `statements(filter: { about: ["japan"], kind: [DIRECT] })`.',
        list: ({ statements }) => statements,
        parent: ({ id }: PersonRecord) => ({ relation: 'speaker', id }),
      }),
    ),
  }),
});

builder.queryFields((t) => ({
  person: t.field({
    type: Person,
    nullable: true,
    description:
      'The person with this slug; null if there is none. Example: `person(slug: "jens-stoltenberg")`.',
    args: slugArgs(),
    resolve: async (_root, { slug }, { knowledge, view }, info) =>
      knowledge.entities.as(view, 'PERSON', { slug: slugIn(slug) }, selectedColumns(info)),
  }),
  people: t.field(
    connection(personListing, { description: 'All people.', list: ({ people }) => people }),
  ),
}));
