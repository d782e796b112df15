import { GraphQLError, Kind, print, type ValueNode } from 'graphql';
import { withArticle } from '../../knowledge/values/english.js';
import { canonicalLocale, isWebAddress } from '../../knowledge/values/forms.js';
import { daysOf } from '../../knowledge/values/partialDate.js';
import { builder } from '../builder.js';
import { quoted } from '../errors.js';

/** A scalar that is serialized as a string; `normalize` returns its normal form, or undefined. */
function textScalar(
  name: 'PartialDate' | 'Locale' | 'URL',
  description: string,
  rule: string,
  normalize: (text: string) => string | undefined,
  specifiedByURL: string,
): void {
  const read = (value: unknown, node?: ValueNode): string => {
    const normalized = typeof value === 'string' ? normalize(value) : undefined;
    if (normalized !== undefined) return normalized;
    throw notA(name, value, rule, node);
  };
  builder.scalarType(name, {
    description,
    specifiedByURL,
    serialize: (value) => value,
    parseValue: (value) => read(value),
    parseLiteral: (node: ValueNode) =>
      read(node.kind === Kind.STRING ? node.value : print(node), node),
  });
}

textScalar(
  'PartialDate',
  'A date that may be known in part (EDTF): a year, a month or a day, `"2023"`, `"2023-05"`, `"2023-05-03"`; a day of which only bounds are known, `"[..1950]"` (1950 or before), `"[1950..]"` (1950 or after), `"[1949..1951]"`; as the start or end of something also `".."`, the side that is known to be open. It is returned as precisely as it was entered.',
  'write a year, a month or a day that exists, such as "2023", "2023-05" or "2023-05-03", or bounds such as "[..2023]"',
  (text) => daysOf(text) && text,
  'https://www.loc.gov/standards/datetime/',
);

textScalar(
  'Locale',
  'A language, as a BCP 47 tag. Example: `"en"`, `"pt-BR"`, `"zh-Hant"`.',
  'write a BCP 47 tag, such as "en" or "pt-BR"',
  canonicalLocale,
  'https://www.rfc-editor.org/info/bcp47',
);

textScalar(
  'URL',
  'An absolute web address. Example: `"https://www.nato.int/"`.',
  'write an absolute address, such as "https://www.nato.int/"',
  (text) => (isWebAddress(text) ? text : undefined),
  'https://url.spec.whatwg.org/',
);

builder.scalarType('DateTime', {
  description:
    'A moment in UTC (RFC 3339), to the millisecond. Example: `"2023-05-03T09:30:00.000Z"`. As input also with another offset, or a date alone, which means its first moment in UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => readDateTime(value),
  parseLiteral: (node) => readDateTime(node.kind === Kind.STRING ? node.value : print(node), node),
});

builder.scalarType('JSON', {
  description:
    'Any JSON value, whose shape depends on the field: the value of a field in a revision.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: (value) => value,
});

// Private:

function readDateTime(value: unknown, node?: ValueNode): Date {
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/;
  // PostgreSQL has no year 0.
  if (
    typeof value === 'string' &&
    form.test(value) &&
    isDay(value.slice(0, 10)) &&
    !value.startsWith('0000')
  ) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw notA(
    'DateTime',
    value,
    'write a moment with its offset, such as "2023-05-03T09:30:00Z", or a date, such as "2023-05-03"',
    node,
  );
}

/** Whether a day exists: `Date` reads 30 February as 2 March. */
const isDay = (day: string): boolean => {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
};

const notA = (scalar: string, value: unknown, rule: string, node?: ValueNode): GraphQLError =>
  new GraphQLError(`${quoted(value)} is not ${withArticle(scalar)}: ${rule}`, {
    nodes: node ?? null,
    extensions: { code: 'BAD_USER_INPUT' },
  });
