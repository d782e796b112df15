/** Schemas of single values. Their messages complete the sentence "`field` <value> …". */
import { z } from 'zod';
import { canonicalLocale, isWebAddress } from '../values/forms.js';
import { daysOf } from '../values/partialDate.js';

/** A non-empty text; surrounding white space is kept. */
export const localText = z.string().refine((value) => value.trim() !== '', {
  error: 'is empty: write something or leave the field out',
});

/** A non-empty text without surrounding white space. */
export const text = localText.transform((value) => value.trim());

/** A text in PostgreSQL's indexes, which limit its length. */
export const shortText = text.pipe(z.string().max(500));

/** `nato`, `jens-stoltenberg`. */
export const slug = z
  .string()
  .max(200)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
    error:
      'is not a slug: use lower-case letters, digits and single hyphens, as in jens-stoltenberg',
  });

/** A valid date in the given form. YAML reads a bare year as a number. */
const dateOf = (form: RegExp, error: (value: unknown) => string) =>
  z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(
      z
        .string()
        .regex(form, { error: ({ input }) => error(input), abort: true })
        .refine((date) => daysOf(date) !== undefined, {
          error: 'is a date that does not exist: correct it',
        }),
    );

const plain = String.raw`\d{4}(-\d{2}(-\d{2})?)?`;
const anyDate = String.raw`${plain}|\[\.\.${plain}\]|\[${plain}\.\.(${plain})?\]`;
const advice = 'is not a date: write 2023, 2023-05 or 2023-05-03';
/** Added if the value looks like an interval. */
const adviceOnBounds = ', and where only bounds are known [..2023], [2023..] or [2021..2023]';
const adviceOn = (value: unknown, more = '') =>
  /[[\]/]|\.\./.test(String(value)) ? `${advice}${adviceOnBounds}${more}` : advice;

/** A day, month or year, or an interval that contains the date. */
export const partialDate = dateOf(new RegExp(`^(${anyDate})$`), (value) => adviceOn(value));

/** The start or end of a period; `..` if that side is known to be open. */
export const periodDate = dateOf(new RegExp(String.raw`^(${anyDate}|\.\.)$`), (value) =>
  adviceOn(value, ', or .. for what is known to be open'),
);

/** A BCP 47 language tag. */
export const language = z
  .string()
  .refine((tag) => canonicalLocale(tag) !== undefined, {
    error: 'is not a language tag: write it like en, pt-BR or zh-Hant',
  })
  .transform((tag) => canonicalLocale(tag) ?? tag);

export const url = z.string().max(2000).refine(isWebAddress, {
  error: 'is not a web address: it must start with https:// or http://',
});

/** Degrees; north and east are positive. */
export const coordinate = (limit: number) => z.number().min(-limit).max(limit);
