import type { Stats } from '../../knowledge/discovery/stats.js';
import { builder } from '../builder.js';

const StatsType = builder.objectRef<Stats>('Stats').implement({
  description: 'How much the knowledge base holds.',
  fields: (t) => ({
    articles: t.exposeInt('article', { description: 'How many articles.' }),
    organizations: t.exposeInt('organization', { description: 'How many organizations.' }),
    people: t.exposeInt('person', { description: 'How many people.' }),
    offices: t.exposeInt('office', { description: 'How many offices.' }),
    places: t.exposeInt('place', { description: 'How many places.' }),
    positions: t.exposeInt('position', { description: 'How many posts that people hold or held.' }),
    memberships: t.exposeInt('membership', { description: 'How many memberships.' }),
    events: t.exposeInt('event', { description: 'How many events.' }),
    statements: t.exposeInt('statement', { description: 'How many statements.' }),
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
