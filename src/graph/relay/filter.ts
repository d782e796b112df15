import type { InputRef } from '@pothos/core';
import type { FilterInput } from './connection.js';

/** A filter's input type with the function that takes it in. */
export const filterInput = <Input, Filter>(
  ref: InputRef<Input>,
  read: FilterInput<Input, Filter>['read'],
): FilterInput<Input, Filter> => ({ ref, read });
