import type { PositionFilter, PositionRecord } from '../knowledge/model/position.js';
import { builder } from './builder.js';
import { entityKeys, linked } from './links.js';
import { asOfOf, certaintyOption } from './values/asOf.js';
import { describedEnum } from './values/enum.js';
import { referenceListing } from './reference.js';
import { Node, Organization, Person, Position, Sourced } from './refs.js';
import { requiredEnd } from './requiredEnd.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';

export const PositionKind = describedEnum<PositionRecord['kind']>(
  'PositionKind',
  'What kind of post it is.',
  {
    HEAD_OF_STATE: 'Head of a state: president, monarch.',
    HEAD_OF_GOVERNMENT: 'Head of a government: prime minister, chancellor.',
    HEAD_OF_ORGANIZATION: 'Head of another organization: secretary general, chair.',
    MINISTER: 'Member of a government.',
    AMBASSADOR: 'Head of a diplomatic mission, of whatever rank.',
    LEGISLATOR: 'Member of a parliament.',
    JUDGE: 'Member of a court.',
    SPOKESPERSON: 'Speaks for the organization.',
    OFFICIAL: 'Another post in its service.',
    OTHER: 'None of these.',
  },
);

const PositionFilterInput = builder.inputType('PositionFilter', {
  description: 'Which posts. All fields given must hold; a list means any of it.',
  fields: (t) => ({
    kind: t.field({ type: [PositionKind], description: 'Of any of these kinds.' }),
    person: t.stringList({ description: 'Held by any of these people, by id or slug.' }),
    organization: t.stringList({ description: 'In any of these organizations, by id or slug.' }),
    asOf: t.field({
      type: 'PartialDate',
      description: 'Held at some time in this date; see `certainty`.',
    }),
    certainty: t.field(certaintyOption),
    referenced: t.boolean({ description: 'Whether a passage of an article says so.' }),
  }),
});

export const positionListing = {
  connection: connectionType('Position', Position, {
    KIND: 'What kind of post it is.',
    TITLE: 'Its title.',
    PERSON: 'Who holds it.',
    ORGANIZATION: 'In which organization.',
    START_YEAR: 'The year in which it was taken.',
    END_YEAR: 'The year in which it was left.',
  }),
  filter: filterInput(
    PositionFilterInput,
    async (input, context): Promise<PositionFilter> => ({
      kind: input.kind ?? undefined,
      person: await entityKeys(input.person, 'filter.person', context),
      organization: await entityKeys(input.organization, 'filter.organization', context),
      asOf: asOfOf(input, 'filter.'),
      referenced: input.referenced ?? undefined,
    }),
    ['person', 'organization'],
  ),
  order: orderInput(
    'Position',
    { START: 'When it was taken; what is undated counts as oldest.', ADDED: 'When it was added.' },
    { field: 'START', direction: 'DESC' },
  ),
};

Position.implement({
  description: 'A person holds a post in an organization, from – to.',
  interfaces: [Node, Sourced],
  fields: (t) => ({
    person: t.field({
      type: Person,
      nullable: true,
      description: requiredEnd('Who holds it.'),
      resolve: ({ personId }, _args, context, info) => linked(context, 'PERSON', personId, info),
    }),
    organization: t.field({
      type: Organization,
      nullable: true,
      description: requiredEnd('In which organization.'),
      resolve: ({ organizationId }, _args, context, info) =>
        linked(context, 'ORGANIZATION', organizationId, info),
    }),
    title: t.exposeString('title', { description: 'Its title. Example: Secretary General.' }),
    kind: t.expose('kind', { type: PositionKind, description: 'What kind of post it is.' }),
    start: t.expose('start', {
      type: 'PartialDate',
      nullable: true,
      description: 'When it was taken; null where not known.',
    }),
    end: t.expose('end', {
      type: 'PartialDate',
      nullable: true,
      description: 'When it was left; null where not known, `".."` where it is known to be held.',
    }),
    references: t.field(
      connection(referenceListing, {
        description: 'The passages that say so.',
        list: ({ references }) => references,
        parent: ({ id }: PositionRecord) => ({ relation: 'position', id }),
      }),
    ),
  }),
});
