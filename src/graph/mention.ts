import type { EntityRecord } from '../knowledge/model/entity.js';
import type { MentionFilter } from '../knowledge/model/mention.js';
import { builder } from './builder.js';
import { describedEnum } from './values/enum.js';
import { linkedEntity, requiredEnd } from './links.js';
import { Article, Entity, Mention, Node } from './refs.js';
import { filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { orderInput } from './relay/order.js';
import { TextRange } from './values/textRange.js';

export const EntityType = describedEnum<EntityRecord['type']>(
  'EntityType',
  'The types of entities.',
  {
    ORGANIZATION: 'An Organization.',
    PERSON: 'A Person.',
    OFFICE: 'An Office.',
    PLACE: 'A Place.',
  },
);

const MentionFilterInput = builder.inputType('MentionFilter', {
  description: 'Selects mentions.',
  fields: (t) => ({
    type: t.field({ type: [EntityType], description: 'Of entities of these types.' }),
  }),
});

export const mentionListing = {
  connection: connectionType('Mention', Mention),
  filter: filterInput(MentionFilterInput, ({ type }): MentionFilter => ({
    type: type ?? undefined,
  })),
  order: orderInput(
    'Mention',
    {
      PUBLISHED_ON: 'When the article was published; undated articles sort as the oldest.',
      APPEARANCE: 'The first position in the article at which the entity is named.',
    },
    { field: 'PUBLISHED_ON', direction: 'DESC' },
  ),
};

Mention.implement({
  description: 'An article that names an entity, once or several times.',
  interfaces: [Node],
  fields: (t) => ({
    article: t.expose('article', {
      type: Article,
      nullable: true,
      description: requiredEnd('The article.'),
    }),
    entity: t.field({
      type: Entity,
      nullable: true,
      description: requiredEnd('The entity that it names.'),
      resolve: ({ entityId }, _args, context, info) => linkedEntity(context, entityId, info),
    }),
    ranges: t.expose('ranges', {
      type: [TextRange],
      description: "The positions in the article's text at which the entity is named.",
    }),
  }),
});
