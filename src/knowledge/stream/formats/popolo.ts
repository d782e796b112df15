/**
 * Popolo (popoloproject.com): people, organizations, posts, memberships, areas and events of
 * parliaments and governments, as EveryPolitician, mySociety and many others publish them, in
 * one JSON document or one object a line.
 *
 * A membership of a person is a Position here, one of an organization a Membership; areas are
 * Places. What a membership says only by the id of another object (its post, its area, its
 * term) is looked up, so the file is read twice.
 */
import { slugify } from '../../values/names.js';
import { overlap, type Period } from '../../values/partialDate.js';
import type { Incoming, Told } from '../incoming.js';
import { Claims } from './claims.js';
import { organizationKind, placeKind, positionKind } from './kinds.js';
import {
  compact,
  dateOf,
  identifiersFrom,
  otherNames,
  textOf,
  urlsOf,
  type OtherName,
} from './tidy.js';

type Data = Record<string, unknown>;

/** The classes of Popolo that have records here. */
export const popoloClasses = [
  'persons',
  'organizations',
  'memberships',
  'posts',
  'areas',
  'events',
] as const;

export type PopoloClass = (typeof popoloClasses)[number];

export interface PopoloObject {
  origin: Told['origin'];
  class: PopoloClass;
  data: Data;
}

/** What the objects of a file need to know of each other. */
export class PopoloContext {
  readonly #areas = new Map<string, string>();
  readonly #posts = new Map<
    string,
    { title: string | undefined; organization: string | undefined }
  >();
  readonly #terms = new Map<string, { start: string | undefined; end: string | undefined }>();
  readonly #legislatures = new Set<string>();
  /** The periods that were told of each post that a person has held. */
  readonly #told = new Map<string, Period[]>();

  readonly #claims = new Claims();

  /** @param source The scheme of the identifiers that hold only within this file. */
  constructor(readonly source: string) {}

  /** Takes note of what other objects will refer to. */
  note({ class: name, data }: PopoloObject): void {
    const id = textOf(data['id']);
    for (const [scheme, value] of identifiersIn(data)) {
      this.#claims.note(scheme, value, id ?? textOf(data['name']) ?? '');
    }
    if (!id) return;
    if (name === 'areas') this.#areas.set(id, textOf(data['name']) ?? '');
    if (name === 'events') this.#terms.set(id, periodOf(data));
    if (name === 'posts') {
      const title = textOf(data['label']) ?? textOf(data['role']);
      this.#posts.set(id, { title, organization: textOf(data['organization_id']) });
    }
    if (name === 'organizations' && isLegislature(data)) this.#legislatures.add(id);
  }

  /** How many identifiers were left out since another object of the file has them. */
  get sharedIdentifiers(): number {
    return this.#claims.leftOut;
  }

  /** The records that an object is here; objects within it are objects of their own. */
  recordsOf({ origin, class: name, data }: PopoloObject): Incoming[] {
    const told = (record: Data): Told => ({ origin, data: compact(record) });
    switch (name) {
      case 'persons':
        return [told(this.#person(data))];
      case 'organizations':
        return [told(this.#organization(data))];
      case 'areas':
        return [told(this.#area(data))];
      case 'events':
        return [told(this.#event(data))];
      case 'posts':
        return [];
      case 'memberships':
        return this.#memberships(data)
          .filter((record) => this.#isNew(record))
          .map(told);
    }
  }

  // Private:

  #entity(data: Data): Data {
    const name = textOf(data['name']) ?? textOf(data['id']) ?? '';
    const others = listOf(data['other_names']).map((other): OtherName => ({
      name: textOf(other['name']) ?? '',
      language: textOf(other['lang']) ?? textOf(other['language']),
      kind: dateOf(other['end_date']) ? 'FORMER' : undefined,
      start: dateOf(other['start_date']),
      end: dateOf(other['end_date']),
    }));
    const own = textOf(data['id']) ?? name;
    const identifiers = identifiersIn(data).filter(([scheme, value]) =>
      this.#claims.isOwn(scheme, value, own),
    );
    const pages = listOf(data['contact_details']).filter(({ type }) =>
      /^(url|website)$/.test(String(type)),
    );
    return {
      name,
      names: otherNames(
        name,
        others.filter((other) => other.name),
      ),
      description:
        textOf(data['summary']) ?? textOf(data['description']) ?? textOf(data['biography']),
      urls: urlsOf([
        ...listOf(data['links']).map(({ url }) => url),
        ...pages.map(({ value }) => value),
      ]),
      identifiers: identifiersFrom([[this.source, textOf(data['id'])], ...identifiers]),
    };
  }

  #person(data: Data): Data {
    return {
      type: 'Person',
      ...this.#entity(data),
      birthDate: dateOf(data['birth_date']),
      deathDate: dateOf(data['death_date']),
    };
  }

  #organization(data: Data): Data {
    return {
      type: 'Organization',
      ...this.#entity(data),
      kind: organizationKind(textOf(data['classification']) ?? ''),
      parent: this.#link(data['parent_id']),
      home: this.#link(data['area_id']),
    };
  }

  #area(data: Data): Data {
    const { names, ...entity } = this.#entity(data);
    const words = textOf(data['classification']) ?? textOf(data['type']) ?? '';
    return {
      type: 'Place',
      ...entity,
      names,
      kind: placeKind(words),
      within: this.#link(data['parent_id']),
    };
  }

  #event(data: Data): Data {
    const id = textOf(data['id']) ?? textOf(data['name']) ?? '';
    const name = textOf(data['name']) ?? id;
    return {
      type: 'Event',
      slug: slugify(`${this.source} ${id}`),
      name,
      kind: 'OTHER',
      description: textOf(data['classification']),
      ...periodOf(data),
      participants: [this.#link(data['organization_id'])].filter(Boolean),
    };
  }

  /** The post that a person holds, and the party for which he holds it; or an organization's membership. */
  #memberships(data: Data): Data[] {
    const post = this.#posts.get(textOf(data['post_id']) ?? '');
    const organizationId = textOf(data['organization_id']) ?? post?.organization;
    const organization = this.#link(organizationId);
    const period = this.#periodOf(data);
    const person = this.#link(data['person_id']);
    if (!person) {
      const member = this.#link(data['member_id']);
      return [{ type: 'Membership', member, organization, role: 'MEMBER', ...period }];
    }
    const role = textOf(data['label']) ?? post?.title ?? textOf(data['role']) ?? 'member';
    const area = this.#areas.get(textOf(data['area_id']) ?? '');
    const title = capitalized(area && !role.includes(area) ? `${role} for ${area}` : role);
    const inLegislature = this.#legislatures.has(organizationId ?? '');
    const held = {
      type: 'Position',
      person,
      organization,
      title,
      kind: positionKind(title, inLegislature),
      ...period,
    };
    const party = this.#link(data['on_behalf_of_id']);
    if (!party) return [held];
    return [held, { ...held, organization: party, title: 'Member', kind: 'OTHER' }];
  }

  /** A membership without dates of its own lasts as long as its term. */
  #periodOf(data: Data): { start: string | undefined; end: string | undefined } {
    const own = periodOf(data);
    const term = this.#terms.get(textOf(data['legislative_period_id']) ?? '');
    return { start: own.start ?? term?.start, end: own.end ?? term?.end };
  }

  #link(id: unknown): string | undefined {
    const text = textOf(id);
    return text === undefined ? undefined : `${this.source}:${text}`;
  }

  /**
   * Nobody holds the same post twice at a time: memberships that differ only in what is not
   * kept here, or whose periods overlap, are one, and the first counts.
   */
  #isNew(record: Data): boolean {
    const { person, member, organization, title, start, end } = record;
    const key = JSON.stringify([person ?? member, organization, title]);
    const period = { start, end } as Period;
    const told = this.#told.get(key) ?? [];
    if (told.some((other) => other.start === period.start || overlap(other, period))) return false;
    this.#told.set(key, [...told, period]);
    return true;
  }
}

/** Objects that are given within another one, as that allows: a person's memberships. */
export function embeddedIn(object: PopoloObject): PopoloObject[] {
  const { origin, class: name, data } = object;
  const embedded: PopoloObject[] = [];
  const add = (inner: PopoloClass, value: unknown, link: Data) => {
    for (const each of listOf(value)) {
      const child = { origin, class: inner, data: { ...link, ...each } };
      embedded.push(child, ...embeddedIn(child));
    }
  };
  const id = data['id'];
  if (name === 'persons') add('memberships', data['memberships'], { person_id: id });
  if (name === 'organizations' || name === 'posts') {
    const link = name === 'posts' ? { post_id: id } : { organization_id: id };
    add('memberships', data['memberships'], link);
    if (name === 'organizations') add('posts', data['posts'], link);
  }
  for (const [field, inner] of Object.entries(objectFields)) {
    const value = data[field];
    if (!isData(value)) continue;
    if (data[`${field}_id`] === undefined) data[`${field}_id`] = value['id'];
    add(inner, [value], {});
  }
  return embedded;
}

/** The class of an object in a file of one a line, by its own word or by its fields. */
export function classOf(data: Data): PopoloClass | undefined {
  const word = textOf(data['@type'] ?? data['_type'] ?? data['type'])?.toLowerCase();
  const named = popoloClasses.find((name) => name === word || name === `${word}s`);
  if (named) return named;
  if (word === 'people') return 'persons';
  if ('person_id' in data || 'on_behalf_of_id' in data) return 'memberships';
  if ('label' in data && 'organization_id' in data) return 'posts';
  const isPerson = ['given_name', 'family_name', 'birth_date', 'gender'].some(
    (field) => field in data,
  );
  return isPerson ? 'persons' : undefined;
}

// Private:

const objectFields: Record<string, PopoloClass> = {
  person: 'persons',
  organization: 'organizations',
  on_behalf_of: 'organizations',
  post: 'posts',
  area: 'areas',
};

const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): Data[] => (Array.isArray(value) ? value.filter(isData) : []);

const identifiersIn = (data: Data): [scheme: string, value: string][] =>
  listOf(data['identifiers']).flatMap((each): [string, string][] => {
    const [scheme, value] = [textOf(each['scheme']), textOf(each['identifier'])];
    return scheme && value ? [[scheme, value]] : [];
  });

const periodOf = (data: Data) => ({
  start: dateOf(data['start_date']),
  end: dateOf(data['end_date']),
});

const isLegislature = ({ classification }: Data): boolean =>
  organizationKind(textOf(classification) ?? '') === 'LEGISLATURE';

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
