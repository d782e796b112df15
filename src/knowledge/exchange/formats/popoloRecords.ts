/** Converts people, organizations, areas and events of a Popolo file to records. */
import { canonicalLocale } from '../../values/forms.js';
import { daysOf, type Period } from '../../values/partialDate.js';
import { sharedIdentifiers, type Claimant, type Claims } from './claims.js';
import { organizationKind, placeKind } from './vocabularies.js';
import { slugWithin } from './slugs.js';
import { hasValue, type LeftOut } from './leftOut.js';
import { itemFields, importedFields, translated } from './popoloFields.js';
import { isNamedObject, isTranslationOf, namesOf, textOfField } from './popoloNames.js';
import { isEmbedding, listOf, type PopoloClass } from './popoloObjects.js';
import {
  dateOf,
  identifiersFrom,
  isName,
  otherNames,
  schemeOf,
  textOf,
  textsOf,
  urlsOf,
  type OtherName,
} from './normalize.js';
import { isData } from '../../values/data.js';

type Data = Record<string, unknown>;

/** What the records of a file share. */
export interface Sharing {
  /** The scheme of the ids. */
  scheme: string;
  /** The source within which they are unique. */
  source: string;
  claims: Claims;
  leftOut: LeftOut;
}

export class PopoloRecords {
  readonly #scheme: string;
  readonly #source: string;
  readonly #claims: Claims;
  readonly #leftOut: LeftOut;

  constructor({ scheme, source, claims, leftOut }: Sharing) {
    this.#scheme = scheme;
    this.#source = source;
    this.#claims = claims;
    this.#leftOut = leftOut;
  }

  /**
   * The name of an object in links.
   *
   * @param type Needed if the link may lead to several types, as ids are unique within a type.
   */
  link(id: unknown, type = ''): string | undefined {
    const text = textOf(id);
    return text === undefined ? undefined : `${type}${this.#scheme}:${text}`;
  }

  person(data: Data): Data {
    return {
      type: 'Person',
      ...this.#entity('persons', data),
      birthDate: this.#dateIn('persons', data, 'birth_date'),
      deathDate: this.#dateIn('persons', data, 'death_date'),
    };
  }

  organization(data: Data): Data {
    const words = textOfField(data, 'classification');
    const kind = organizationKind(words);
    if (words && kind === 'OTHER') this.#leftOut.add('classification of organizations');
    return {
      type: 'Organization',
      ...this.#entity('organizations', data),
      kind,
      parent: this.link(data['parent_id']),
      home: this.link(data['area_id']),
    };
  }

  area(data: Data): Data {
    return {
      type: 'Place',
      ...this.#entity('areas', data),
      kind: placeKind(textOfField(data, 'classification'), textOf(data['type'])),
      within: this.link(data['parent_id']),
    };
  }

  event(data: Data): Data {
    const id = textOf(data['id']);
    const name = namesOf(data, false).name ?? id;
    this.#countFields('events', data);
    return {
      type: 'Event',
      slug: name && slugWithin(this.#source, `${this.#scheme} event`, id ?? name, id ?? name),
      name,
      kind: 'OTHER',
      description: textOfField(data, 'description') ?? textOfField(data, 'classification'),
      ...this.periodOf('events', data),
      participants: [this.link(data['organization_id'], 'Organization:')].filter(Boolean),
    };
  }

  /** Counts the fields of a membership or post that are not imported. */
  countFields(name: 'memberships' | 'posts', data: Data): void {
    this.#countFields(name, data);
  }

  /** The start and end, if valid. */
  periodOf(owner: 'events' | 'memberships', data: Data): Period {
    const [start, end] = ['start_date', 'end_date'].map((field) =>
      this.#dateIn(owner, data, field),
    );
    return { start, end };
  }

  // Private:

  #entity(owner: PopoloClass, data: Data): Data {
    const { name, others } = namesOf(data, owner === 'persons');
    const id = textOf(data['id']);
    const own = claimantOf(owner, data);
    const storable = identifiersIn(data).filter(
      ([scheme, value]) => schemeOf(scheme) !== '' && isName(value),
    );
    const identifiers = storable.filter(([scheme, value]) =>
      this.#claims.isOwn(scheme, value, own),
    );
    this.#leftOut.add(sharedIdentifiers, storable.length - identifiers.length);
    this.#leftOut.add(
      `identifiers of ${owner}`,
      listOf(data['identifiers']).length - storable.length,
    );
    this.#countItems(owner, data);
    const named = others
      .filter((other) => isName(other.name))
      .map((other) => this.#withReadableParts(owner, other));
    this.#leftOut.add(
      `name of ${owner} that is too long or cannot be stored`,
      others.length - named.length,
    );
    this.#countFields(owner, data, name);
    const [description] = ['summary', 'description', 'biography'].flatMap(
      (field) => textOfField(data, field) ?? [],
    );
    return {
      name,
      names: otherNames(name ?? '', named),
      description,
      urls: this.#urlsOf(owner, data),
      identifiers: identifiersFrom([[this.#scheme, id], ...identifiers]),
    };
  }

  /** Skips an invalid language or date of a name, but not the name. */
  #withReadableParts(owner: PopoloClass, { language, start, end, ...name }: OtherName): OtherName {
    const isLanguage = language === undefined || canonicalLocale(language) !== undefined;
    if (!isLanguage) this.#leftOut.add(`invalid language of a name of ${owner}`);
    const dates = [start, end].map((date) => {
      if (date === undefined || daysOf(date)) return date;
      this.#leftOut.add(`invalid date of a name of ${owner}`);
      return undefined;
    });
    return { ...name, language: isLanguage ? language : undefined, start: dates[0], end: dates[1] };
  }

  /** Counts fields of items in an object's lists that are not imported. */
  #countItems(owner: PopoloClass, data: Data): void {
    for (const [field, takenOfItem] of Object.entries(itemFields)) {
      const value = data[field];
      if (!hasValue(value)) continue;
      const isOfNames = field === 'other_names';
      const items: unknown[] = Array.isArray(value) ? value : [];
      if (!Array.isArray(value) && !isOfNames) {
        this.#leftOut.add(`${field} of ${owner} that are not a list`);
      }
      for (const item of items) {
        if (isData(item)) {
          this.#leftOut.addFields(
            item,
            (each) => takenOfItem.has(each) || (isOfNames && !isNamedObject(item)),
            `${field} of ${owner}`,
          );
        } else if (hasValue(item) && !(field === 'links' || isOfNames)) {
          this.#leftOut.add(`${field} of ${owner} that are not objects`);
        }
      }
    }
  }

  #urlsOf(owner: PopoloClass, data: Data): string[] {
    const details = listOf(data['contact_details']);
    const pages = details.filter(({ type }) => /^(url|website)$/i.test(String(type)));
    const links = listOf(data['links']);
    const given = [
      ...links.map(({ url }) => url),
      ...textsOf(data['links']),
      ...pages.map(({ value }) => value),
      data['url'],
      data['website'],
    ];
    const addresses = given.flatMap((url) => textOf(url) ?? []);
    const urls = urlsOf(addresses);
    this.#leftOut.add(`contact_details of ${owner}`, details.length - pages.length);
    this.#leftOut.add(
      `link of ${owner} that is not a web address`,
      new Set(addresses).size - urls.length,
    );
    return urls;
  }

  /** Skips invalid dates. */
  #dateIn(owner: PopoloClass, data: Data, field: string): string | undefined {
    const date = dateOf(data[field]);
    if (date === undefined || daysOf(date)) return date;
    this.#leftOut.add(`${field} of ${owner} that is not a date`);
    return undefined;
  }

  #countFields(owner: PopoloClass, data: Data, name?: string): void {
    const fields = importedFields[owner];
    // The first of several descriptions is imported.
    const [description, ...others] = ['summary', 'description', 'biography'].filter(
      (field) => textOfField(data, field) !== undefined,
    );
    const isImported = (field: string) =>
      fields.has(field) ||
      field === description ||
      (field === 'sort_name' && (data[field] === name || !hasName(data))) ||
      isEmbedding(owner, field) ||
      translated.some((each) => isTranslationOf(field, each));
    this.#leftOut.addFields(data, (field) => !others.includes(field) && isImported(field), owner);
  }
}

/** The class under which an object claims identifiers. */
export const claimantOf = (name: PopoloClass, data: Data): Claimant => ({
  class: name,
  id: textOf(data['id']) ?? namesOf(data, name === 'persons').name ?? '',
});

/** The identifiers of an object in other systems. */
export const identifiersIn = (data: Data): [scheme: string, value: string][] =>
  listOf(data['identifiers']).flatMap((each): [string, string][] => {
    const [scheme, value] = [textOf(each['scheme']), textOf(each['identifier'])];
    return scheme && value ? [[scheme, value]] : [];
  });

/** The start and end of a term; the term's own record counts invalid dates. */
export const periodIn = (data: Data): Period => {
  const [start, end] = [dateOf(data['start_date']), dateOf(data['end_date'])];
  return { start: start && daysOf(start) && start, end: end && daysOf(end) && end };
};

// Private:

/** Without these fields, the name is derived from the sort name. */
const hasName = (data: Data): boolean =>
  ['name', 'given_name', 'family_name', 'other_names', 'names'].some((field) => field in data);
