import type { PositionFilter, PositionRecord } from '../knowledge/model/position.js';
import { builder } from './builder.js';
import { entityKeys, linked, requiredEnd } from './links.js';
import { asOfOption, certaintyOption, currentOption, heldOf } from './values/asOf.js';
import { describedEnum } from './values/enum.js';
import { endField, endKindField, startField } from './values/period.js';
import { referenceListing } from './reference.js';
import { AnyRecord, Node, Organization, Person, Position, Sourced } from './refs.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';

export const PositionKind = describedEnum<PositionRecord['kind']>(
  'PositionKind',
  'The kind of position.',
  {
    HEAD_OF_STATE: 'Head of a state: president, monarch.',
    HEAD_OF_GOVERNMENT: 'Head of a government: prime minister, chancellor.',
    HEAD_OF_ORGANIZATION: 'Head of another organization: secretary general, chair.',
    MINISTER: 'Member of a government.',
    AMBASSADOR: 'Head of a diplomatic mission, of whatever rank.',
    LEGISLATOR: 'Member of a parliament.',
    JUDGE: 'Member of a court.',
    SPOKESPERSON: 'Speaks for the organization.',
    OFFICIAL: 'Another position in its service.',
    OTHER: 'None of these.',
  },
);

const PositionFilterInput = builder.inputType('PositionFilter', {
  description:
    'Selects positions. Example, the ministers of Japan in 2023: `{ organization: ["japan"], kind: [MINISTER], asOf: "2023" }`.',
  fields: (t) => ({
    kind: t.field({ type: [PositionKind], description: 'Of any of these kinds.' }),
    person: t.idList({ description: 'Held by any of these people, by id or slug.' }),
    organization: t.idList({ description: 'In any of these organizations, by id or slug.' }),
    asOf: t.field(asOfOption),
    current: t.boolean(currentOption),
    certainty: t.field(certaintyOption),
    referenced: t.boolean({ description: 'Whether it has references.' }),
  }),
});

export const PositionListFilterInput = builder.inputType('PositionListFilter', {
  description:
    'Conditions on the positions of a person. Example, the heads of state in 2023: `{ some: { kind: [HEAD_OF_STATE], asOf: "2023" } }`.',
  fields: (t) => ({
    some: t.field({
      type: PositionFilterInput,
      description: 'At least one position matches this filter as a whole.',
    }),
  }),
});

export const positionListing = {
  connection: connectionType('Position', Position, {
    KIND: 'The kind of position.',
    TITLE: 'Its title.',
    PERSON: 'The person who holds it.',
    ORGANIZATION: 'The organization.',
    START_YEAR: 'The year in which it began.',
    END_YEAR: 'The year in which it ended.',
  }),
  filter: filterInput(
    PositionFilterInput,
    async (input, context, path): Promise<PositionFilter> => ({
      kind: input.kind ?? undefined,
      person: await entityKeys(input.person, `${path}.person`, context, 'PERSON'),
      organization: await entityKeys(
        input.organization,
        `${path}.organization`,
        context,
        'ORGANIZATION',
      ),
      asOf: heldOf(input, context, path),
      referenced: input.referenced ?? undefined,
    }),
    ['person', 'organization'],
  ),
  order: orderInput(
    'Position',
    {
      START: 'When it began; undated positions sort as the oldest.',
      CREATED_AT: 'When it was added.',
    },
    { field: 'START', direction: 'DESC' },
  ),
};

Position.implement({
  description: 'A position of a person in an organization, in a period.',
  interfaces: [Node, AnyRecord, Sourced],
  fields: (t) => ({
    person: t.field({
      type: Person,
      nullable: true,
      description: requiredEnd('The person who holds it.'),
      resolve: ({ personId }, _args, context, info) => linked(context, 'PERSON', personId, info),
    }),
    organization: t.field({
      type: Organization,
      nullable: true,
      description: requiredEnd('The organization.'),
      resolve: ({ organizationId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', organizationId, info),
    }),
    title: t.exposeString('title', { description: 'Its title. Example: Secretary General.' }),
    kind: t.expose('kind', { type: PositionKind, description: 'The kind of position.' }),
    start: t.expose('start', startField),
    end: t.expose('end', endField),
    endKind: t.field(endKindField),
    references: t.field(
      connection(referenceListing, {
        description: 'The passages that support it.',
        list: ({ references }) => references,
        parent: ({ id }: PositionRecord) => ({ relation: 'position', id }),
      }),
    ),
  }),
});

builder.queryField('positions', (t) =>
  t.field(
    connection(positionListing, {
      description:
        'All positions. Example: `positions(filter: { kind: [HEAD_OF_GOVERNMENT], asOf: "2023-05" })`.',
      list: ({ positions }) => positions,
    }),
  ),
);
