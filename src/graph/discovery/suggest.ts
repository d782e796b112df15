import type { FoundName } from '../../knowledge/discovery/search/names.js';
import { builder } from '../builder.js';
import { badInput, searchable } from '../errors.js';
import { linkedEntity } from '../links.js';
import { EntityType } from '../mention.js';
import { Entity } from '../refs.js';

const maxSuggestions = 50;
const maxPrefixLength = 200;

const Suggestion = builder.objectRef<FoundName>('Suggestion').implement({
  description: 'An entity that somebody may mean who types a name.',
  fields: (t) => ({
    text: t.exposeString('name', {
      description:
        'The name that begins so: the main one, or another that the entity bears or bore.',
    }),
    entity: t.field({
      type: Entity,
      nullable: true,
      description: 'The entity; null only where it was deleted while the query ran.',
      resolve: ({ entityId }, _args, context, info) => linkedEntity(context, entityId, info),
    }),
  }),
});

builder.queryField('suggest', (t) =>
  t.field({
    type: [Suggestion],
    asKnownOn: false,
    costs: { weight: 100 },
    description:
      'Entities for what somebody has typed so far: those with a name of which a word begins so, accents and case aside, the most prominent first. Example: `suggest(prefix: "stolt")`.',
    args: {
      prefix: t.arg.string({
        required: true,
        description: `What was typed, at most ${maxPrefixLength} characters. Words before the last count as whole.`,
      }),
      types: t.arg({ type: [EntityType], description: 'Only entities of these types.' }),
      first: t.arg.int({
        defaultValue: 10,
        description: `How many: 0 to ${maxSuggestions}.`,
      }),
    },
    resolve: (_root, { prefix, types, first }, { knowledge, view }) => {
      const limit = first ?? 10;
      if (limit < 0 || limit > maxSuggestions) {
        throw badInput('first', `must be from 0 to ${maxSuggestions}, but is ${limit}`);
      }
      const typed = searchable('prefix', prefix, maxPrefixLength);
      return knowledge.search.suggest(view, typed, { types: types ?? undefined, limit });
    },
  }),
);
