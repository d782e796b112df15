import type { InputRef, OutputRef } from '@pothos/core';
import { builder } from '../builder.js';

export type EnumRef<Value> = InputRef<Value> & OutputRef<Value>;

/** An enum whose values are told one by one: `{ OPEN: 'It works.', … }`. */
export function describedEnum<Value extends string>(
  name: string,
  description: string,
  values: Record<Value, string>,
): EnumRef<Value> {
  const described = Object.entries<string>(values).map(
    ([value, text]) => [value, { value, description: text }] as const,
  );
  const ref: unknown = builder.enumType(name, {
    description,
    values: Object.fromEntries(described),
  });
  return ref as EnumRef<Value>;
}
