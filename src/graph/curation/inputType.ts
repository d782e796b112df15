/** Input types from a table of their fields. */
import type { InputRef } from '@pothos/core';
import type { Values } from '../../knowledge/model/recordLists.js';
import { builder } from '../builder.js';

type Type = 'String' | 'ID' | 'Int' | 'Float' | 'PartialDate' | 'Locale' | 'URL' | InputRef;

export interface Field {
  type: Type | [Type];
  description: string;
  /** Of a new record; in a change every field may be omitted. */
  required?: boolean;
}

export type Fields = Record<string, Field>;

export function inputOf(name: string, description: string, fields: Fields): InputRef<Values> {
  return builder.inputType(name, {
    description,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(([field, { type, description: text, required = false }]) => [
          field,
          t.field({ type: type as 'String', description: text, required }),
        ]),
      ),
  });
}
