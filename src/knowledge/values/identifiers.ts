/**
 * Identifiers of entities in other systems. A globally unique identifier denotes one entity; any
 * other is unique within its source, among entities of one type.
 *
 *     { wikidata: 'Q7184', seat: { value: '12', source: 'parliament.example' } }
 */
import { canonicalValue, schemeName, worldwideScheme } from './schemes.js';
import { isData } from './data.js';

export interface Identifier {
  scheme: string;
  value: string;
  /** The source within which it is unique; null if it is globally unique. */
  source: string | null;
}

/** The source of identifiers, and additional globally unique schemes. */
export interface Scope {
  /** The source of identifiers that are not globally unique; null treats them as if they were. */
  source: string | null;
  /** Schemes that the importing user declares as globally unique. */
  trusted: ReadonlySet<string>;
}

/** The identifiers of a record in the form of files. */
export const identifiersIn = (given: unknown): Identifier[] =>
  Object.entries(given ?? {}).flatMap(([scheme, values]) =>
    listOf(values).flatMap((each): Identifier[] => {
      if (!isData(each)) return [{ scheme, value: String(each), source: null }];
      const { value, source } = each;
      return [{ scheme, value: String(value), source: typeof source === 'string' ? source : null }];
    }),
  );

/** The reverse: a single one as a value, several as a list. */
export function identifiersOut(
  identifiers: readonly Identifier[],
): Record<string, GivenIdentifier | GivenIdentifier[]> {
  const byScheme = new Map<string, GivenIdentifier[]>();
  for (const { scheme, value, source } of identifiers) {
    const each = source === null ? value : { value, source };
    byScheme.set(scheme, [...(byScheme.get(scheme) ?? []), each]);
  }
  return Object.fromEntries(
    [...byScheme].map(([scheme, [first, ...more]]) => [
      scheme,
      first !== undefined && more.length === 0 ? first : [first ?? [], more].flat(),
    ]),
  );
}

/** The key of an identifier: unique within a source, among entities of one type. */
export const identifierKey = (
  { scheme, value, source }: Identifier,
  type: string | undefined,
): string =>
  source === null ? `${scheme}:${value}` : `${scheme}:${value} ${JSON.stringify([source, type])}`;

/** For messages: `seat "12" of "parliament.example"`. */
export const describeIdentifier = ({ scheme, value, source }: Identifier): string =>
  `${scheme} ${JSON.stringify(value)}${source === null ? '' : ` of ${JSON.stringify(source)}`}`;

/** An identifier in canonical form, within a scope. */
export function readIdentifier(
  { scheme: name, value: given, source }: Identifier,
  { source: within, trusted }: Scope,
): Identifier & { isMalformed?: true } {
  const scheme = schemeName(name);
  const known = worldwideScheme(scheme);
  const value = known ? canonicalValue(known, given) : given;
  if (source !== null) return { scheme, value: value ?? given, source };
  if (value === undefined) return { scheme, value: given, source: within, isMalformed: true };
  return { scheme, value, source: known || trusted.has(scheme) ? null : within };
}

/**
 * Normalizes the identifiers of a record before their form is checked; malformed ones stay as they
 * are.
 *
 * @param warn Called with a message for each value that does not have the form of its scheme.
 */
export function readIdentifiers(
  given: unknown,
  scope: Scope,
  warn: (message: string) => void,
): unknown {
  if (!isData(given)) return given;
  const read = new Map<string, { values: unknown[]; isList: boolean }>();
  for (const [name, values] of Object.entries(given)) {
    const scheme = schemeName(name) || name;
    const others = read.get(scheme)?.values ?? [];
    const texts = values === null ? [null] : listOf(values);
    read.set(scheme, {
      values: distinct([...others, ...texts.map((each) => readValue(scheme, each, scope, warn))]),
      isList: Array.isArray(values) || read.has(scheme),
    });
  }
  return Object.fromEntries(
    [...read].map(([scheme, { values, isList }]) => [scheme, isList ? values : values[0]]),
  );
}

/** Whether this identifier identifies records across sources. */
export function joins({ scheme, value, source }: Identifier, trusted: Scope['trusted']): boolean {
  if (source !== null) return false;
  const known = worldwideScheme(scheme);
  return known ? canonicalValue(known, value) === value : trusted.has(scheme);
}

/** The message for a value that does not have the form of its scheme. */
export function malformedMessage({ scheme, value, source }: Identifier): string {
  const example = worldwideScheme(scheme)?.example;
  const kept =
    source === null
      ? 'imports do not match records by it'
      : 'it is imported as unique within its source only';
  return `the ${scheme} identifier ${JSON.stringify(value)} does not have the form of its scheme, such as ${example}, or its check digit is wrong: ${kept}`;
}

// Private:

type GivenIdentifier = string | { value: string; source: string };

const listOf = (values: unknown): unknown[] =>
  Array.isArray(values) ? values : values === undefined || values === null ? [] : [values];

const distinct = (values: unknown[]): unknown[] => [
  ...new Map(values.map((each) => [JSON.stringify(each), each])).values(),
];

/** Integers are valid identifiers; those beyond JavaScript's precision are texts. */
const numberText = (value: unknown): unknown =>
  Number.isSafeInteger(value) || typeof value === 'bigint' ? String(value) : value;

function readValue(
  scheme: string,
  each: unknown,
  scope: Scope,
  warn: (message: string) => void,
): unknown {
  const text = numberText(each);
  const given = isData(text) ? text : { value: text };
  const value = numberText(given['value']);
  if (typeof value !== 'string' || value.trim() === '') return text;
  const source = typeof given['source'] === 'string' ? given['source'] : null;
  const { isMalformed, ...identifier } = readIdentifier(
    { scheme, value: value.trim(), source },
    scope,
  );
  if (isMalformed) warn(malformedMessage(identifier));
  if (isData(text)) {
    return {
      ...text,
      value: identifier.value,
      ...(identifier.source !== null && { source: identifier.source }),
    };
  }
  return identifier.source === null
    ? identifier.value
    : { value: identifier.value, source: identifier.source };
}
