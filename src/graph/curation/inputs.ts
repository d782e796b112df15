/** The inputs of mutations: for every record type one to create a record and one to change it. */
import type { InputRef } from '@pothos/core';
import { withArticle, wordsOf } from '../../knowledge/values/english.js';
import type { Values } from '../../knowledge/model/recordLists.js';
import { inputFields, passageFields } from './inputFields.js';
import { inputOf } from './inputType.js';
import type { RecordTypeName } from '../../knowledge/model/recordTypes.js';

export interface RecordInputs {
  create: InputRef<Values>;
  update: InputRef<Values>;
}

/** The inputs `CreatePersonInput` and `UpdatePersonInput` for every type. */
export const recordInputs = Object.fromEntries(
  (Object.keys(inputFields) as RecordTypeName[]).map((type): [RecordTypeName, RecordInputs] => [
    type,
    {
      create: inputOf(`Create${type}Input`, `A new ${wordsOf(type)}.`, inputFields[type]),
      update: inputOf(
        `Update${type}Input`,
        `Changes to ${withArticle(wordsOf(type))}. An omitted field is unchanged, null clears a field, a list replaces the whole list. \`addReferences\` adds to the references; \`withdraw\` removes one.`,
        Object.fromEntries(
          Object.entries(inputFields[type])
            .filter(([name]) => name !== 'slug')
            .map(([name, field]) => [
              name === 'references' ? 'addReferences' : name,
              { ...field, required: false },
            ]),
        ),
      ),
    },
  ]),
) as Record<RecordTypeName, RecordInputs>;

export const CiteInput = inputOf('CiteInput', 'A passage of an article that supports a record.', {
  target: {
    type: 'ID',
    description: "The record, by id or slug, or an office's status, by id.",
    required: true,
  },
  article: { type: 'ID', description: 'The article, by id or slug.', required: true },
  ...passageFields,
});
