/** What a setting is, and what several settings can be. */
import { z } from 'zod';

export interface Setting {
  /** What it is for, in a sentence or two. */
  description: string;
  /** What it must be, as the end of the sentence "must be …". */
  expected: string;
  /** The value without it, as it would be written. */
  default: string;
  schema: z.ZodType;
}

export const wholeNumber = (from: number, to: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(from).max(to));

export const onOrOff = z.enum(['on', 'off']).transform((value) => value === 'on');

/** Values separated by commas; none where nothing is set. */
export const listOf = (isRight: (item: string) => boolean) =>
  z
    .string()
    .optional()
    .transform((text) => (text ?? '').split(',').map((item) => item.trim()))
    .transform((items) => items.filter(Boolean))
    .refine((items) => items.every(isRight));
