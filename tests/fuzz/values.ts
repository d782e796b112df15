/** Values for arguments: mostly sensible, at times odd. */
import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import type { Random } from '../support/random.ts';

/** What the knowledge base under attack contains. */
export interface Known {
  slugs: readonly string[];
  ids: readonly string[];
  names: readonly string[];
}

export type Value = { enum: string } | string | number | boolean | null | Value[] | Members;
interface Members {
  [name: string]: Value | undefined;
  enum?: never;
}

/** Texts that have been trouble somewhere. */
export const oddTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\u001b[31m',
  '\u202egnp',
  '\ud800',
  'é\u0301\u0323',
  '💩',
  '%',
  '_%\\',
  "'; drop table entity; --",
  '"\\"',
  '$1',
  '__proto__',
  'constructor',
  'null',
  '-1',
  '9'.repeat(400),
  'x'.repeat(3000),
  '\ufeff',
  '& | ! ( ) <->',
  '*:* :*',
  '../../etc/passwd',
  '{{7*7}}',
  '<script>',
  '\r\nSet-Cookie: a=b',
];

const dates = ['2023', '2023-05', '2023-05-03', '1949-04-04', '0001', '9999-12-31'];
const oddDates = [
  '',
  '2023-13',
  '2023-02-30',
  '..',
  '10000',
  '-0001',
  '2023-05-03T00:00:00Z',
  '٢٠٢٣',
];
const ints = [0, 1, 2, 3, 5, 10, 20];
const oddInts = [-1, 100, 101, 1000, 2 ** 31 - 1, -(2 ** 31)];
const floats = [0, 35.68, 139.7, 50.85, -77, 1.5, 100];
const oddFloats = [-0, 91, -181, 1e-320, 1e308, 2 ** 53];

/** @param odd How often a value is to be odd, from 0 to 1. */
export function valueFor(
  random: Random,
  known: Known,
  name: string,
  type: GraphQLInputType,
  { odd = 0.03, depth = 0 } = {},
): Value {
  if (!isNonNullType(type) && depth > 0 && random.chance(0.05)) return null;
  const inner = isNonNullType(type) ? type.ofType : type;
  const next = { odd, depth: depth + 1 };
  if (isListType(inner)) {
    const length = random.chance(odd / 5) ? random.int(20, 130) : random.int(0, 3);
    const item: GraphQLInputType = inner.ofType;
    return Array.from({ length }, () => valueFor(random, known, name, item, next));
  }
  if (isEnumType(inner)) return { enum: random.pick(inner.getValues()).name };
  if (isInputObjectType(inner)) return membersOf(random, known, inner, next);
  const isOdd = random.chance(odd);
  switch (inner.name) {
    case 'Int':
      return random.pick(isOdd ? oddInts : ints);
    case 'Float':
      return random.pick(isOdd ? oddFloats : floats);
    case 'Boolean':
      return random.chance(0.5);
    case 'PartialDate':
      return random.pick(isOdd ? oddDates : dates);
    case 'DateTime':
      return random.pick([
        '2023-05-03T10:00:00Z',
        '2030-01-01T00:00:00+09:00',
        '1970-01-01T00:00:00Z',
      ]);
    case 'Locale':
      return random.pick(['en', 'de', 'fr-CA', 'ja', 'zh-Hant']);
    case 'URL':
      return random.pick([
        'https://example.org/a?b=c',
        'http://localhost/',
        'https://xn--mnchen-3ya.example/',
      ]);
    case 'JSON':
      return { a: [1, 'x', null] };
    default:
      return textFor(random, known, name, inner.name === 'ID', isOdd);
  }
}

/** As it is written in a query. */
export function literalOf(value: Value): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') {
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    // GraphQL 16 refuses lone surrogates in a query, and JSON writes the rest as GraphQL does.
    return JSON.stringify(value.replaceAll(/\p{Surrogate}/gu, ''));
  }
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (typeof value.enum === 'string') return value.enum;
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${name}: ${literalOf(member)}`],
  );
  return `{ ${members.join(', ')} }`;
}

/** As it travels among the variables. */
export function jsonOf(value: Value): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value.enum === 'string') return value.enum;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      member === undefined ? undefined : jsonOf(member),
    ]),
  );
}

// Private:

function membersOf(
  random: Random,
  known: Known,
  type: GraphQLInputObjectType,
  options: { odd: number; depth: number },
): Members {
  const fields = Object.values(type.getFields());
  const chosen = type.isOneOf
    ? [random.pick(fields)]
    : fields.filter(
        ({ type, defaultValue }) =>
          (isNonNullType(type) && defaultValue === undefined) ||
          (options.depth < 6 && random.chance(options.depth > 2 ? 0.15 : 0.3)),
      );
  return Object.fromEntries(
    chosen.map(({ name, type: fieldType }) => [
      name,
      valueFor(random, known, name, fieldType, {
        ...options,
        // The one field of several may not be null.
        ...(type.isOneOf && { depth: 0 }),
      }),
    ]),
  );
}

function textFor(
  random: Random,
  known: Known,
  name: string,
  isId: boolean,
  isOdd: boolean,
): string {
  if (isOdd) return random.pick(oddTexts);
  if (isId || /^(id|ids|target)$/.test(name))
    return random.pick(random.chance(0.8) ? known.ids : known.slugs);
  if (/query|prefix|name|title|exact|text/i.test(name)) {
    const text = random.pick(known.names);
    return random.chance(0.3) ? text.slice(0, random.int(1, text.length)) : text;
  }
  if (/isoCode/.test(name)) return random.pick(['JP', 'US', 'XX']);
  return random.pick(random.chance(0.9) ? known.slugs : known.names);
}
