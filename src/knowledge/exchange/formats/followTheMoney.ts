/**
 * Converts FollowTheMoney (followthemoney.tech): one entity per line, as OpenSanctions, Aleph and
 * many registers publish them. Every property is a list of texts.
 *
 * An Occupancy of a Position, a Directorship, an Employment and a person's Membership each become a
 * Position; an organization's Membership becomes a Membership. Positions have no records of their
 * own, and mentions belong to their article, so the file is read twice. A position without an
 * organization belongs to the state of its country code.
 */
import { canonicalLocale, isWebAddress } from '../../values/forms.js';
import type { ParsedRecord, RecordData } from '../stream/parsedRecord.js';
import { Claims, sharedIdentifiers, type Claimant } from './claims.js';
import {
  codesOf,
  dateIn,
  hasClearParts,
  nameOf,
  nameOfParts,
  organizationSchemata,
  thingOf,
  type Thing,
} from './followTheMoneyThing.js';
import { link, Posts, postOf } from './followTheMoneyPosts.js';
import { organizationKind } from './vocabularies.js';
import { LeftOut, type LeftOutCounts } from './leftOut.js';
import { slugWithin } from './slugs.js';
import {
  compact,
  identifiersFrom,
  isName,
  otherNames,
  urlsOf,
  type OtherName,
} from './normalize.js';

type Data = Record<string, unknown>;

export class FollowTheMoney {
  readonly #mentions = new Map<string, string[]>();
  readonly #organizations = new Set<string>();
  readonly #posts: Posts;
  readonly #claims = new Claims();
  /** Counts what has no record. */
  readonly leftOut: LeftOut;

  readonly #source: string;

  /**
   * @param source The source within which the ids are unique.
   * @param file The name of the file in messages.
   */
  constructor(source: string, file: string) {
    this.#source = source;
    this.leftOut = new LeftOut({ file, line: 1 });
    this.#posts = new Posts(this.#organizations, this.leftOut);
  }

  /** First pass: collects what other entities refer to. */
  note(record: RecordData): void {
    const thing = thingOf(record);
    if (typeof thing === 'string') return;
    const { id, schema, one } = thing;
    if (schema === 'Position') this.#posts.note(thing);
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

  /** Second pass: the records of an entity. */
  recordsOf(record: RecordData): ParsedRecord[] {
    const { origin } = record;
    this.leftOut.origin = origin;
    const thing = thingOf(record);
    if (typeof thing === 'string') return [{ origin, problem: thing }];
    const records = this.#recordsOf(thing);
    if (records === undefined) {
      this.leftOut.add(thing.schema);
      return [];
    }
    for (const property of thing.unread()) this.leftOut.add(`${property} of ${thing.schema}`);
    return records.map((data): ParsedRecord => {
      if ('problem' in data) return { origin, problem: String(data['problem']) };
      const { isStandIn, ...record } = data;
      return { origin, data: compact(record), ...(isStandIn === true && { isStandIn }) };
    });
  }

  /** What was skipped, with counts, after all entities were read. */
  get skipped(): LeftOutCounts {
    return this.leftOut.counts;
  }

  // Private:

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
        return this.#posts.occupancy(thing);
      case 'Directorship':
        return this.#posts.post(thing, 'director', 'organization', 'Director');
      case 'Employment':
        return this.#posts.post(thing, 'employee', 'employer', 'Employee');
      case 'Membership':
        return this.#posts.membership(thing);
      // Other records contain these.
      case 'Position':
        postOf(thing);
        return [];
      case 'Mention':
        thing.all('document');
        thing.all('resolved');
        return [];
      default:
        return undefined;
    }
  }

  #entity(thing: Thing): Data {
    const { id, all, tagged, schema } = thing;
    const namesIn = (property: string, kind?: string): OtherName[] =>
      tagged(property).map(({ text, language }) => ({ name: text, language, kind }));
    const name = nameOf(thing);
    const ofParts = schema === 'Person' && hasClearParts(thing) ? nameOfParts(thing) : undefined;
    const given: OtherName[] = [
      ...['name', 'alias', 'weakAlias'].flatMap((property) => namesIn(property)),
      ...(ofParts === undefined ? [] : [{ name: ofParts }]),
      ...namesIn('previousName', 'FORMER'),
      ...namesIn('abbreviation', 'ACRONYM'),
    ];
    // An invalid name does not invalidate the entity.
    const names = given.filter((each) => isName(each.name));
    this.leftOut.add(
      `name of ${schema} that is too long or cannot be stored`,
      given.length - names.length,
    );
    const storable = codesOf(thing).filter(([, value]) => isName(value));
    this.leftOut.add(
      `identifier of ${schema} that is too long or cannot be stored`,
      codesOf(thing).length - storable.length,
    );
    const codes = storable.filter(([scheme, value]) =>
      this.#claims.isOwn(scheme, value, claimantOf(thing)),
    );
    this.leftOut.add(sharedIdentifiers, storable.length - codes.length);
    const addresses = [...new Set([...all('website'), ...all('wikipediaUrl')])];
    const urls = urlsOf(addresses);
    this.leftOut.add(
      `address of ${schema} that is not a web address`,
      addresses.length - urls.length,
    );
    return {
      name,
      names: otherNames(name ?? '', names),
      description: firstOf(thing, 'summary', 'description', 'notes'),
      urls,
      identifiers: identifiersFrom([['ftm', id], ...codes]),
    };
  }

  #person(thing: Thing): Data {
    return {
      type: 'Person',
      ...this.#entity(thing),
      birthDate: dateIn(thing, 'birthDate', this.leftOut),
      deathDate: dateIn(thing, 'deathDate', this.leftOut),
    };
  }

  #organization(thing: Thing): Data {
    const { schema, all, one } = thing;
    const named = organizationKind(
      ...all('classification'),
      ...all('legalForm'),
      ...all('topics'),
      // The complete name: "Supreme Court" matches, "Friends of the Supreme Court" does not.
      nameOf(thing),
    );
    const kind =
      schema === 'Company'
        ? 'COMPANY'
        : named !== 'OTHER'
          ? named
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
    const hasPoint = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    if (!hasPoint && (one('latitude') ?? one('longitude')) !== undefined) {
      this.leftOut.add('point of Address that is not on Earth');
    }
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
    const language = one('language');
    const isLanguage = language === undefined || canonicalLocale(language) !== undefined;
    if (!isLanguage) this.leftOut.add('invalid language of Article');
    const url = all('sourceUrl').find((each) => isWebAddress(each));
    const mentions = [...new Set(this.#mentions.get(id) ?? [])];
    return {
      type: 'Article',
      slug: slugWithin(this.#source, 'ftm article', id, title),
      title,
      byline: all('author').join(', ') || undefined,
      language: isLanguage ? language : undefined,
      url,
      publishedOn: dateIn(
        thing,
        one('publishedAt') === undefined ? 'date' : 'publishedAt',
        this.leftOut,
      ),
      body: one('bodyText'),
      mentions: mentions.map((entity) => ({ entity: link(entity), ranges: [] })),
    };
  }
}

// Private:

const claimantOf = ({ schema, id }: Thing): Claimant => ({
  class: schema === 'Person' ? schema : 'Organization',
  id,
});

/** The first of these properties with a value; the others are counted as skipped. */
function firstOf({ one }: Thing, ...properties: string[]): string | undefined {
  for (const property of properties) {
    const value = one(property);
    if (value !== undefined) return value;
  }
  return undefined;
}
