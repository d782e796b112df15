/**
 * FollowTheMoney (followthemoney.tech): entities one a line, as OpenSanctions, Aleph and many
 * registers publish them. Every property is a list of texts.
 *
 * An Occupancy of a Position, a Directorship, an Employment and a person's Membership are each a
 * Position here; an organization's Membership is a Membership. Positions are no records of their
 * own, and mentions belong to their article, so the file is read twice. A position whose
 * organization is not told is one in the state that its country code names.
 */
import { countryOf } from '../../values/countries.js';
import { isWebAddress } from '../../values/forms.js';
import type { Incoming, Told } from '../incoming.js';
import { Claims, sharedIdentifiers, type Claimant } from './claims.js';
import {
  codesOf,
  nameOf,
  nestedSchemata,
  organizationSchemata,
  periodOf,
  thingOf,
  type Thing,
} from './followTheMoneyThing.js';
import { organizationKind, positionKind } from './kinds.js';
import { slugWithin } from './slugs.js';
import { compact, dateOf, identifiersFrom, otherNames, urlsOf, type OtherName } from './tidy.js';

type Data = Record<string, unknown>;

export class FollowTheMoney {
  readonly #posts = new Map<
    string,
    { title: string; organization: string | undefined; country: string | undefined }
  >();
  readonly #mentions = new Map<string, string[]>();
  readonly #organizations = new Set<string>();
  readonly #states = new Set<string>();
  readonly #claims = new Claims();
  readonly #skipped = new Map<string, number>();

  readonly #source: string;

  /** @param source Within which the ids hold. */
  constructor(source: string) {
    this.#source = source;
  }

  /** Takes note of what other entities will refer to. */
  note(told: Told): void {
    const thing = thingOf(told);
    if (!thing) return;
    const { id, schema, one } = thing;
    if (schema === 'Position') {
      const title = nameOf(thing);
      const organization = one('organization');
      this.#posts.set(id, { title, organization, country: one('country') });
    }
    if (schema === 'Mention') {
      const [document, resolved] = [one('document'), one('resolved')];
      if (document && resolved)
        this.#mentions.set(document, [...(this.#mentions.get(document) ?? []), resolved]);
    }
    if (organizationSchemata.has(schema)) this.#organizations.add(id);
    if (schema === 'Person' || organizationSchemata.has(schema)) {
      for (const [scheme, value] of codesOf(thing))
        this.#claims.note(scheme, value, claimantOf(thing));
    }
  }

  /** The records that an entity is here. */
  recordsOf(told: Told): Incoming[] {
    const { origin } = told;
    const thing = thingOf(told);
    if (!thing) {
      const problem =
        'the line is no FollowTheMoney entity: it needs "id", "schema" and "properties"';
      return [{ origin, problem }];
    }
    for (const schema of nestedSchemata(told)) this.#skip(`${schema} within another entity`);
    const records = this.#recordsOf(thing);
    if (records === undefined) {
      this.#skip(thing.schema);
      return [];
    }
    return records.map((data): Incoming => {
      if ('problem' in data) return { origin, problem: String(data['problem']) };
      const { isStandIn, ...record } = data;
      return { origin, data: compact(record), ...(isStandIn === true && { isStandIn }) };
    });
  }

  /** What has no record here, and how many of each kind. */
  get skipped(): ReadonlyMap<string, number> {
    const { leftOut } = this.#claims;
    return leftOut > 0 ? new Map([...this.#skipped, [sharedIdentifiers, leftOut]]) : this.#skipped;
  }

  // Private:

  #skip(what: string): void {
    this.#skipped.set(what, (this.#skipped.get(what) ?? 0) + 1);
  }

  #recordsOf(thing: Thing): Data[] | undefined {
    const { schema } = thing;
    if (schema === 'Person') return [this.#person(thing)];
    if (organizationSchemata.has(schema)) return [this.#organization(thing)];
    switch (schema) {
      case 'Address':
        return [this.#address(thing)];
      case 'Article':
        return [this.#article(thing)];
      case 'Occupancy':
        return this.#occupancy(thing);
      case 'Directorship':
        return this.#post(thing, 'director', 'organization', 'Director');
      case 'Employment':
        return this.#post(thing, 'employee', 'employer', 'Employee');
      case 'Membership':
        return this.#membership(thing);
      // What these tell is told by others.
      case 'Position':
      case 'Mention':
        return [];
      default:
        return undefined;
    }
  }

  #entity(thing: Thing): Data {
    const { id, all, one } = thing;
    const name = nameOf(thing);
    const names: OtherName[] = [
      ...[...all('name'), ...all('alias'), ...all('weakAlias')].map((each) => ({ name: each })),
      ...all('previousName').map((each) => ({ name: each, kind: 'FORMER' })),
      ...all('abbreviation').map((each) => ({ name: each, kind: 'ACRONYM' })),
    ];
    const codes = codesOf(thing).filter(([scheme, value]) =>
      this.#claims.isOwn(scheme, value, claimantOf(thing)),
    );
    return {
      name,
      names: otherNames(name, names),
      description: one('summary') ?? one('description') ?? one('notes'),
      urls: urlsOf([...all('website'), ...all('wikipediaUrl')]),
      identifiers: identifiersFrom([['ftm', id], ...codes]),
    };
  }

  #person(thing: Thing): Data {
    const { one } = thing;
    return {
      type: 'Person',
      ...this.#entity(thing),
      birthDate: dateOf(one('birthDate')),
      deathDate: dateOf(one('deathDate')),
    };
  }

  #organization(thing: Thing): Data {
    const { schema, all, one } = thing;
    const told = organizationKind(
      ...all('classification'),
      ...all('legalForm'),
      ...all('topics'),
      // The whole name: "Supreme Court" is one, the "Friends of the Supreme Court" are none.
      nameOf(thing),
    );
    const kind =
      schema === 'Company'
        ? 'COMPANY'
        : told !== 'OTHER'
          ? told
          : schema === 'PublicBody'
            ? 'GOVERNMENT'
            : 'OTHER';
    const parent = one('parent');
    return {
      type: 'Organization',
      ...this.#entity(thing),
      kind,
      parent: parent && this.#organizations.has(parent) ? link(parent) : undefined,
    };
  }

  #address(thing: Thing): Data {
    const { all, one, id, caption } = thing;
    const parts = ['street', 'street2', 'postalCode', 'city', 'region'].flatMap((each) =>
      all(each),
    );
    const [latitude, longitude] = [Number(one('latitude')), Number(one('longitude'))];
    const hasPoint = Number.isFinite(latitude) && Number.isFinite(longitude);
    return {
      type: 'Place',
      name: (one('full') ?? (parts.join(', ') || caption) ?? id).slice(0, 500),
      kind: 'SITE',
      identifiers: identifiersFrom([['ftm', id]]),
      ...(hasPoint && { latitude, longitude }),
    };
  }

  #article(thing: Thing): Data {
    const { id, all, one, caption } = thing;
    const title = one('title') ?? one('name') ?? caption ?? id;
    const url = all('sourceUrl').find((each) => isWebAddress(each));
    const mentions = [...new Set(this.#mentions.get(id) ?? [])];
    return {
      type: 'Article',
      slug: slugWithin(this.#source, 'ftm article', id, title),
      title,
      byline: all('author').join(', ') || undefined,
      language: one('language'),
      url,
      publishedOn: dateOf(one('publishedAt') ?? one('date')),
      body: one('bodyText'),
      mentions: mentions.map((entity) => ({ entity: link(entity), ranges: [] })),
    };
  }

  #occupancy(thing: Thing): Data[] {
    const { one } = thing;
    const [holder, postId] = [one('holder'), one('post')];
    const post = this.#posts.get(postId ?? '');
    if (!post)
      return [
        {
          problem: `no Position of this file has the id ${JSON.stringify(postId ?? null)}, which "post" gives`,
        },
      ];
    const period = periodOf(thing);
    const fact = { type: 'Position', person: holder && link(holder), title: post.title, ...period };
    if (post.organization) {
      return [
        { ...fact, organization: link(post.organization), kind: positionKind([post.title], false) },
      ];
    }
    const state = countryOf(post.country ?? '');
    if (!state) {
      const problem = `the position ${JSON.stringify(post.title)} names neither an organization nor a country: give it one`;
      return [{ problem }];
    }
    const { code, name } = state;
    const organization = `iso3166-1:${code}`;
    const isNew = !this.#states.has(code);
    this.#states.add(code);
    return [
      ...(isNew
        ? [
            {
              isStandIn: true,
              type: 'Organization',
              name,
              kind: 'STATE',
              identifiers: { 'iso3166-1': code },
            },
          ]
        : []),
      { ...fact, organization, kind: positionKind([post.title], false) },
    ];
  }

  #post(thing: Thing, person: string, organization: string, title: string): Data[] {
    const { one } = thing;
    const [who, where] = [one(person), one(organization)];
    const told = one('role') ?? title;
    return [
      {
        type: 'Position',
        person: who && link(who),
        organization: where && link(where),
        title: told,
        kind: positionKind([told], false),
        ...periodOf(thing),
      },
    ];
  }

  #membership(thing: Thing): Data[] {
    const member = thing.one('member');
    if (!member || !this.#organizations.has(member)) {
      return this.#post(thing, 'member', 'organization', 'Member');
    }
    const organization = thing.one('organization');
    return [
      {
        type: 'Membership',
        member: link(member),
        organization: organization && link(organization),
        role: 'MEMBER',
        ...periodOf(thing),
      },
    ];
  }
}

// Private:

const link = (id: string): string => `ftm:${id}`;

const claimantOf = ({ schema, id }: Thing): Claimant => ({
  class: schema === 'Person' ? schema : 'Organization',
  id,
});
