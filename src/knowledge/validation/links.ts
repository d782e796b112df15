/** Which fields of a record name another record, and what that may be. */
import type { entityType } from '../../database/tables/index.js';
import type { RecordSection } from './schemas.js';

export type EntityType = (typeof entityType.enumValues)[number];
export type LinkTarget = EntityType | 'ARTICLE' | 'EVENT';

const organization: LinkTarget[] = ['ORGANIZATION'];
const place: LinkTarget[] = ['PLACE'];
const actor: LinkTarget[] = ['PERSON', 'ORGANIZATION'];
const region: LinkTarget[] = ['ORGANIZATION', 'PLACE'];
const anything: LinkTarget[] = ['ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE'];

/** The field's name, and what it may point to. A field that is a list may name several. */
export const links: Record<RecordSection, Record<string, readonly LinkTarget[]>> = {
  articles: { publisher: organization, mentions: anything, mergedInto: ['ARTICLE'] },
  organizations: { parent: organization, home: place, mergedInto: organization },
  people: { mergedInto: ['PERSON'] },
  places: { within: place, mergedInto: place },
  offices: {
    organization,
    place,
    accreditedTo: region,
    alsoAccreditedTo: region,
    mergedInto: ['OFFICE'],
  },
  positions: { person: ['PERSON'], organization },
  memberships: { member: organization, organization },
  events: { place, participants: anything, mergedInto: ['EVENT'] },
  statements: {
    article: ['ARTICLE'],
    speaker: actor,
    onBehalfOf: actor,
    reportedBy: actor,
    audience: anything,
    about: anything,
    place,
    event: ['EVENT'],
  },
};

/** What the records of a section are to those who point to them. */
export const targetOf: Partial<Record<RecordSection, LinkTarget>> = {
  articles: 'ARTICLE',
  organizations: 'ORGANIZATION',
  people: 'PERSON',
  places: 'PLACE',
  offices: 'OFFICE',
  events: 'EVENT',
};

/** Articles and events have slugs of their own; all entities share theirs. */
export type SlugSpace = 'entity' | 'article' | 'event';

export const spaceOf = (target: LinkTarget): SlugSpace =>
  target === 'ARTICLE' ? 'article' : target === 'EVENT' ? 'event' : 'entity';

/** `a place or an organization`. */
export const describeTargets = (targets: readonly LinkTarget[]): string =>
  targets.length === anything.length
    ? 'an entity'
    : targets.map((target) => nounWithArticle[target]).join(' or ');

const nounWithArticle: Record<LinkTarget, string> = {
  ORGANIZATION: 'an organization',
  PERSON: 'a person',
  OFFICE: 'an office',
  PLACE: 'a place',
  ARTICLE: 'an article',
  EVENT: 'an event',
};
