import type { InputRef, OutputRef } from '@pothos/core';
import { builder } from '../builder.js';

export type EnumRef<Value> = InputRef<Value> & OutputRef<Value>;

/**
 * An enum from its values and their descriptions: `{ OPEN: 'Open.', … }`.
 *
 * @param nameOf The name of a value in the schema, if it differs from the value.
 */
export function describedEnum<Value extends string>(
  name: string,
  description: string,
  values: Record<Value, string>,
  nameOf: (value: string) => string = (value) => value,
): EnumRef<Value> {
  const described = Object.entries<string>(values).map(
    ([value, text]) => [nameOf(value), { value, description: text }] as const,
  );
  const ref: unknown = builder.enumType(name, {
    description,
    values: Object.fromEntries(described),
  });
  return ref as EnumRef<Value>;
}
