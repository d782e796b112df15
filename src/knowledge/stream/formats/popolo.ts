/**
 * Popolo (popoloproject.com): people, organizations, posts, memberships, areas and events of
 * parliaments and governments, as EveryPolitician, mySociety and many others publish them, in
 * one JSON document or one object a line.
 *
 * A membership of a person is a Position here, one of an organization a Membership; areas are
 * Places. What a membership says only by the id of another object (its post, its area, its
 * term) is looked up, so the file is read twice.
 */
import { overlap, type Period } from '../../values/partialDate.js';
import type { Incoming, Told } from '../incoming.js';
import { Claims, type Claimant } from './claims.js';
import { organizationKind, placeKind, positionKind } from './kinds.js';
import { listOf, type PopoloClass, type PopoloObject } from './popoloObjects.js';
import { slugWithin } from './slugs.js';
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

  /** The objects that are given in a list of their own. */
  readonly #whole = new Set<string>();
  /** Those that were taken from within another object, as no list has them. */
  readonly #embedded = new Set<string>();
  readonly #claims = new Claims();

  /**
   * @param scheme The scheme of the ids.
   * @param source Within which they hold.
   */
  constructor(
    readonly scheme: string,
    readonly source: string,
  ) {}

  /** Takes note of what other objects will refer to. */
  note({ class: name, data, isEmbedded }: PopoloObject): void {
    const id = textOf(data['id']);
    for (const [scheme, value] of identifiersIn(data)) {
      this.#claims.note(scheme, value, claimantOf(name, data));
    }
    if (!id) return;
    if (!isEmbedded) this.#whole.add(`${name} ${id}`);
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
  recordsOf(object: PopoloObject): Incoming[] {
    const { origin, class: name, data } = object;
    if (this.#isToldElsewhere(object)) return [];
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

  /** Whether an object within another one is also given in a list, or was within an earlier one. */
  #isToldElsewhere({ class: name, data, isEmbedded }: PopoloObject): boolean {
    const id = textOf(data['id']);
    if (!isEmbedded || !id) return false;
    const key = `${name} ${id}`;
    if (this.#whole.has(key) || this.#embedded.has(key)) return true;
    this.#embedded.add(key);
    return false;
  }

  #entity(objects: PopoloClass, data: Data): Data {
    const name = textOf(data['name']) ?? textOf(data['id']) ?? '';
    const others = listOf(data['other_names']).map((other): OtherName => ({
      name: textOf(other['name']) ?? '',
      language: textOf(other['lang']) ?? textOf(other['language']),
      kind: dateOf(other['end_date']) ? 'FORMER' : undefined,
      start: dateOf(other['start_date']),
      end: dateOf(other['end_date']),
    }));
    const own = claimantOf(objects, data);
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
      identifiers: identifiersFrom([[this.scheme, textOf(data['id'])], ...identifiers]),
    };
  }

  #person(data: Data): Data {
    return {
      type: 'Person',
      ...this.#entity('persons', data),
      birthDate: dateOf(data['birth_date']),
      deathDate: dateOf(data['death_date']),
    };
  }

  #organization(data: Data): Data {
    return {
      type: 'Organization',
      ...this.#entity('organizations', data),
      kind: organizationKind(textOf(data['classification'])),
      parent: this.#link(data['parent_id']),
      home: this.#link(data['area_id']),
    };
  }

  #area(data: Data): Data {
    return {
      type: 'Place',
      ...this.#entity('areas', data),
      kind: placeKind(textOf(data['classification']), textOf(data['type'])),
      within: this.#link(data['parent_id']),
    };
  }

  #event(data: Data): Data {
    const id = textOf(data['id']) ?? textOf(data['name']) ?? '';
    const name = textOf(data['name']) ?? id;
    return {
      type: 'Event',
      slug: slugWithin(this.source, `${this.scheme} event`, id, id),
      name,
      kind: 'OTHER',
      description: textOf(data['classification']),
      ...periodOf(data),
      participants: [this.#link(data['organization_id'], 'Organization:')].filter(Boolean),
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
      kind: positionKind([textOf(data['role']), role], inLegislature),
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

  /** @param type For a link that may lead to records of several types, as ids are unique among those of one. */
  #link(id: unknown, type = ''): string | undefined {
    const text = textOf(id);
    return text === undefined ? undefined : `${type}${this.scheme}:${text}`;
  }

  /**
   * Nobody holds the same post twice at a time: memberships that differ only in what is not
   * kept here, or whose periods overlap, are one, and the first counts.
   */
  #isNew(record: Data): boolean {
    const { person, member, organization, title, start, end } = record;
    const key = JSON.stringify([person, member, organization, title]);
    const period = { start, end } as Period;
    const told = this.#told.get(key) ?? [];
    if (told.some((other) => other.start === period.start || overlap(other, period))) return false;
    this.#told.set(key, [...told, period]);
    return true;
  }
}

// Private:

const identifiersIn = (data: Data): [scheme: string, value: string][] =>
  listOf(data['identifiers']).flatMap((each): [string, string][] => {
    const [scheme, value] = [textOf(each['scheme']), textOf(each['identifier'])];
    return scheme && value ? [[scheme, value]] : [];
  });

const claimantOf = (name: PopoloClass, data: Data): Claimant => ({
  class: name,
  id: textOf(data['id']) ?? textOf(data['name']) ?? '',
});

const periodOf = (data: Data) => ({
  start: dateOf(data['start_date']),
  end: dateOf(data['end_date']),
});

const isLegislature = ({ classification }: Data): boolean =>
  organizationKind(textOf(classification)) === 'LEGISLATURE';

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
