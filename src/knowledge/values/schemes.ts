/**
 * Globally unique identifier schemes: a value means the same in every source. Identifiers of other
 * schemes, such as row numbers, are unique only within their source.
 */
import { isLuhn, isMod11, isMod97 } from './checkDigits.js';

/** A register with globally unique identifiers. */
export interface Scheme {
  /** The name of the scheme. */
  name: string;
  /** What it identifies, and the organization that assigns it. */
  title: string;
  /** The documentation of its form. */
  reference: string;
  example: string;
  /** The form of a canonical value. */
  form: RegExp;
  /** Other spellings of the name, in lower-case letters and digits. */
  spellings?: readonly string[];
  /** Prefixes of web addresses that end in a value. */
  addresses?: RegExp;
  canonical?: (value: string) => string;
  /** Verifies check digits. */
  isSound?: (value: string) => boolean;
}

/** The canonical name of a scheme: `Wikidata`, `wikidata_id` and `WikiData` are `wikidata`. */
export function schemeName(name: string): string {
  const spelling = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return bySpelling.get(spelling)?.name ?? plainName(name);
}

/** The globally unique scheme of this name; undefined if unknown. */
export const worldwideScheme = (name: string): Scheme | undefined => byName.get(name);

/** The canonical form of a value; undefined if it does not have the form of the scheme. */
export function canonicalValue(scheme: Scheme, given: string): string | undefined {
  const bare = given
    .trim()
    .replace(scheme.addresses ?? /^(?!)/, '')
    .replace(/[/#?]+$/, '');
  const value = scheme.canonical?.(bare) ?? bare;
  return scheme.form.test(value) && (scheme.isSound?.(value) ?? true) ? value : undefined;
}

// Private:

const upper = (value: string): string => value.toUpperCase();
const digits = (value: string): string => value.toUpperCase().replace(/[\s-]/g, '');

/** Lower-case letters and digits in groups: `My Register` is `my-register`. */
const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/([._-])[._-]+/g, '$1')
    .replace(/^[._-]+|[._-]+$/g, '');

/** `n 79-21614` is `n79021614`: https://www.loc.gov/marc/lccn-namespace.html */
const plainLccn = (value: string): string =>
  value
    .toLowerCase()
    .replace(/\s|\/.*$/g, '')
    .replace(/-(\d{1,6})$/, (_, serial: string) => serial.padStart(6, '0'));

/** The documented schemes; `--trust-scheme` adds others for one import. */
export const worldwideSchemes: readonly Scheme[] = [
  {
    name: 'wikidata',
    title: 'Items of Wikidata',
    reference: 'https://www.wikidata.org/wiki/Wikidata:Identifiers',
    example: 'Q7184',
    form: /^Q[1-9]\d*$/,
    spellings: ['wikidataid', 'wikidataqid', 'wikidataitem', 'wikidataorg'],
    addresses:
      /^https?:\/\/(www\.|m\.)?wikidata\.org\/(entity|wiki)\/(Special:EntityPage\/)?|^wd:/i,
    canonical: upper,
  },
  {
    name: 'viaf',
    title: 'Virtual International Authority File',
    reference: 'https://www.wikidata.org/wiki/Property:P214',
    example: '146830104',
    form: /^[1-9]\d{0,21}$/,
    spellings: ['viafid'],
    addresses: /^https?:\/\/(www\.)?viaf\.org\/viaf\//i,
  },
  {
    name: 'isni',
    title: 'International Standard Name Identifier, ISO 27729',
    reference: 'https://isni.org/page/technical-documentation/',
    example: '0000000121032683',
    form: /^\d{15}[\dX]$/,
    spellings: ['isniid', 'iso27729'],
    addresses: /^https?:\/\/(www\.)?isni\.org\/(isni\/|page\/)?|^isni:?\s*/i,
    canonical: digits,
    isSound: isMod11,
  },
  {
    name: 'orcid',
    title: 'Open Researcher and Contributor ID',
    reference: 'https://support.orcid.org/hc/en-us/articles/360006897674',
    example: '0000-0002-1825-0097',
    form: /^(\d{4}-){3}\d{3}[\dX]$/,
    spellings: ['orcidid', 'orcidorg'],
    addresses: /^https?:\/\/(www\.)?orcid\.org\/|^orcid:?\s*/i,
    canonical: (value) => digits(value).replace(/(.{4})(?=.)/g, '$1-'),
    isSound: isMod11,
  },
  {
    name: 'lei',
    title: 'Legal Entity Identifier, ISO 17442',
    reference:
      'https://www.gleif.org/en/organizational-identity/introducing-the-legal-entity-identifier-lei/iso-17442-the-lei-code-structure',
    example: '5493000IBP32UQZ0KL24',
    form: /^[A-Z0-9]{18}\d{2}$/,
    spellings: ['leicode', 'iso17442', 'xilei'],
    addresses: /^https?:\/\/search\.gleif\.org\/#\/record\//i,
    canonical: digits,
    isSound: isMod97,
  },
  {
    name: 'ror',
    title: 'Research Organization Registry',
    reference: 'https://ror.readme.io/docs/identifier',
    example: '02mhbdp94',
    form: /^0[a-hj-km-np-tv-z0-9]{6}\d{2}$/,
    spellings: ['rorid', 'rororg'],
    addresses: /^https?:\/\/(www\.)?ror\.org\//i,
    canonical: (value) => value.toLowerCase(),
  },
  {
    name: 'bioguide',
    title: 'Biographical Directory of the United States Congress',
    reference: 'https://bioguide.congress.gov/',
    example: 'P000197',
    form: /^[A-Z]\d{6}$/,
    spellings: ['bioguideid', 'bioguidecongressgov'],
    addresses:
      /^https?:\/\/bioguide\.congress\.gov\/(search\/bio\/|scripts\/biodisplay\.pl\?index=)/i,
    canonical: upper,
  },
  {
    name: 'gnd',
    title: 'Gemeinsame Normdatei of the German National Library',
    reference: 'https://www.wikidata.org/wiki/Property:P227',
    example: '118540238',
    form: /^(1[0-3]?\d{7}[\dX]|[47]\d{6}-\d|[1-9]\d{0,7}-[\dX]|3\d{7}[\dX])$/,
    spellings: ['gndid'],
    addresses: /^https?:\/\/(d-nb\.info\/gnd|explore\.gnd\.network\/gnd)\/|^gnd:?\s*/i,
    canonical: upper,
  },
  {
    name: 'lccn',
    title: 'Library of Congress Control Number',
    reference: 'https://www.loc.gov/marc/lccn-namespace.html',
    example: 'n79021614',
    form: /^[a-z]{0,3}(\d{8}|\d{10})$/,
    spellings: ['lccnid', 'lcnaf', 'lcauth', 'libraryofcongress'],
    addresses: /^https?:\/\/(id\.loc\.gov\/authorities\/(names|subjects)|lccn\.loc\.gov)\//i,
    canonical: plainLccn,
  },
  {
    name: 'bnf',
    title: 'Authority records of the Bibliothèque nationale de France',
    reference: 'https://www.wikidata.org/wiki/Property:P268',
    example: '11907966z',
    form: /^\d{8}[\dbcdfghjkmnpqrstvwxz]$/,
    spellings: ['bnfid'],
    addresses: /^(https?:\/\/(catalogue|data)\.bnf\.fr\/)?(ark:\/12148\/)?cb/i,
    canonical: (value) => value.toLowerCase(),
  },
  {
    name: 'iso3166-1',
    title: 'Countries, ISO 3166-1: alpha-2, alpha-3 or numeric codes',
    reference: 'https://www.iso.org/iso-3166-country-codes.html',
    example: 'JP',
    form: /^([A-Z]{2,3}|\d{3})$/,
    spellings: ['iso31661', 'iso31661alpha2', 'iso31661alpha3', 'iso31661numeric', 'iso3166'],
    canonical: upper,
  },
  {
    name: 'iso3166-2',
    title: 'Subdivisions of countries, ISO 3166-2',
    reference: 'https://www.iso.org/iso-3166-country-codes.html',
    example: 'US-NY',
    form: /^[A-Z]{2}-[A-Z0-9]{1,3}$/,
    spellings: ['iso31662'],
    canonical: upper,
  },
  {
    name: 'bic',
    title: 'Business Identifier Code, ISO 9362',
    reference: 'https://www.swift.com/standards/data-standards/bic-business-identifier-code',
    example: 'DEUTDEFF',
    form: /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/,
    spellings: ['swift', 'swiftbic', 'biccode', 'swiftcode', 'iso9362'],
    canonical: (value) => digits(value).replace(/^(.{8})XXX$/, '$1'),
  },
  {
    name: 'isin',
    title: 'International Securities Identification Number, ISO 6166',
    reference: 'https://www.isin.org/isin/',
    example: 'US0378331005',
    form: /^[A-Z]{2}[A-Z0-9]{9}\d$/,
    spellings: ['isincode', 'iso6166'],
    canonical: digits,
    isSound: isLuhn,
  },
  {
    name: 'duns',
    title: 'Data Universal Numbering System of Dun & Bradstreet',
    reference: 'https://www.dnb.com/duns.html',
    example: '804735132',
    form: /^\d{9}$/,
    spellings: ['dunscode', 'dunsnumber'],
    canonical: digits,
  },
  {
    name: 'permid',
    title: 'LSEG Permanent Identifier',
    reference: 'https://permid.org/',
    example: '4295905573',
    form: /^[1-9]\d{5,17}$/,
    addresses: /^https?:\/\/permid\.org\/1-/i,
  },
  {
    name: 'uei',
    title: 'Unique Entity Identifier of SAM.gov',
    reference:
      'https://www.gsa.gov/about-us/organization/federal-acquisition-service/technology-transformation-services/integrated-award-environment-iae/iae-systems-information-kit/unique-entity-identifier-update',
    example: 'ZQGGHJH74DW7',
    form: /^[A-HJ-NP-Z1-9][A-HJ-NP-Z0-9]{11}$/,
    spellings: ['uniqueentityid', 'uniqueentityidentifier'],
    canonical: upper,
  },
  {
    name: 'ogrn',
    title: 'Primary State Registration Number of legal entities in Russia',
    reference: 'https://www.wikidata.org/wiki/Property:P2226',
    example: '1027700132195',
    form: /^(\d{13}|\d{15})$/,
    spellings: ['ogrncode'],
  },
  {
    name: 'geonames',
    title: 'Places of GeoNames',
    reference: 'https://www.geonames.org/ontology/documentation.html',
    example: '1850147',
    form: /^[1-9]\d*$/,
    spellings: ['geonamesid', 'geonameid'],
    addresses: /^https?:\/\/((www|sws)\.)?geonames\.org\//i,
    canonical: (value) => value.replace(/\/.*$/, ''),
  },
  {
    name: 'grid',
    title: 'Global Research Identifier Database',
    reference: 'https://www.grid.ac/',
    example: 'grid.5380.e',
    form: /^grid\.\d{4,6}\.[0-9a-f]{1,2}$/,
    spellings: ['gridid', 'gridac'],
    addresses: /^https?:\/\/(www\.)?grid\.ac\/institutes\//i,
    canonical: (value) => value.toLowerCase(),
  },
];

const byName = new Map(worldwideSchemes.map((scheme) => [scheme.name, scheme]));

const bySpelling = new Map(
  worldwideSchemes.flatMap((scheme) =>
    [scheme.name.replace(/[^a-z0-9]/g, ''), ...(scheme.spellings ?? [])].map(
      (spelling): [string, Scheme] => [spelling, scheme],
    ),
  ),
);
