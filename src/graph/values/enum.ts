import type { InputRef, OutputRef } from '@pothos/core';
import { builder } from '../builder.js';

export type EnumRef<Value> = InputRef<Value> & OutputRef<Value>;

/**
 * An enum whose values are told one by one: `{ OPEN: 'It works.', … }`.
 *
 * @param nameOf How a value is called in the graph, where that is not its own name.
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
