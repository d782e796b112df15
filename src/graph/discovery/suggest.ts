import type { FoundName } from '../../knowledge/discovery/search/names.js';
import { builder } from '../builder.js';
import { badInput, searchable } from '../errors.js';
import { linkedEntity } from '../links.js';
import { EntityType } from '../mention.js';
import { Entity } from '../refs.js';

const maxSuggestions = 50;
const maxPrefixLength = 200;

const Suggestion = builder.objectRef<FoundName>('Suggestion').implement({
  description: 'An entity suggested for the beginning of a name.',
  fields: (t) => ({
    text: t.exposeString('name', {
      description: 'The name that matches: the main name or another one of the entity.',
    }),
    entity: t.field({
      type: Entity,
      nullable: true,
      description: 'The entity; null only if it was deleted while the query ran.',
      resolve: ({ entityId }, _args, context, info) => linkedEntity(context, entityId, info),
    }),
  }),
});

builder.queryField('suggest', (t) =>
  t.field({
    type: [Suggestion],
    asKnownAt: false,
    costs: { weight: 100 },
    description:
      'Suggests entities while a user types: those with a name of which a word begins with `prefix`, ignoring accents and case, the most prominent first. Example: `suggest(prefix: "stolt")`.',
    args: {
      prefix: t.arg.string({
        required: true,
        description: `The beginning of a name, at most ${maxPrefixLength} characters. Words before the last one must match as a whole.`,
      }),
      type: t.arg({ type: [EntityType], description: 'Only entities of any of these types.' }),
      first: t.arg.int({
        defaultValue: 10,
        description: `The maximum number of suggestions: 0 to ${maxSuggestions}.`,
      }),
    },
    resolve: (_root, { prefix, type, first }, { knowledge, view }) => {
      const limit = first ?? 10;
      if (limit < 0 || limit > maxSuggestions) {
        throw badInput('first', `must be from 0 to ${maxSuggestions}, but is ${limit}`);
      }
      const typed = searchable('prefix', prefix, maxPrefixLength);
      return knowledge.search.suggest(view, typed, { types: type ?? undefined, limit });
    },
  }),
);
