/** The definition of a setting, and common schemas. */
import { z } from 'zod';

export interface Setting {
  /** Its purpose, in a sentence or two. */
  description: string;
  /** The valid values, completing the sentence "must be …". */
  expected: string;
  /** The default, in the form of the variable. */
  default: string;
  schema: z.ZodType;
}

export const wholeNumber = (from: number, to: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(from).max(to));

export const onOrOff = z.enum(['on', 'off']).transform((value) => value === 'on');

/** Values separated by commas; empty if not set. */
export const listOf = (isRight: (item: string) => boolean) =>
  z
    .string()
    .optional()
    .transform((text) => (text ?? '').split(',').map((item) => item.trim()))
    .transform((items) => items.filter(Boolean))
    .refine((items) => items.every(isRight));
