import type { Stats } from '../../knowledge/discovery/stats.js';
import { builder } from '../builder.js';
import { mapRecordTypes, recordTypes } from '../../knowledge/model/recordTypes.js';

const StatsType = builder.objectRef<Stats>('Stats').implement({
  description: 'How much the knowledge base holds.',
  fields: (t) => ({
    ...mapRecordTypes((type) =>
      t.exposeInt(recordTypes[type].singular, {
        description:
          type === 'positions' ? 'How many posts that people hold or held.' : `How many ${type}.`,
      }),
    ),
    mentions: t.exposeInt('mention', {
      description: 'How many times an article names an entity, once or several times.',
    }),
    references: t.exposeInt('reference', {
      description: 'How many passages of articles support a fact.',
    }),
    verifiedReferences: t.exposeInt('verifiedReference', {
      description: "How many of these this server found in the article's text.",
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When anything was last written; null while nothing was.',
    }),
  }),
});

builder.queryField('stats', (t) =>
  t.field({
    type: StatsType,
    costs: { weight: 400 },
    description:
      'How much the knowledge base holds. To count by kind, country, year …, ask a list for its `groups`.',
    resolve: (_root, _args, { knowledge, view }) => knowledge.stats.read(view),
  }),
);
