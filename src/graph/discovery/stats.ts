import type { Stats } from '../../knowledge/discovery/stats.js';
import { builder } from '../builder.js';
import { mapRecordTypes, recordTypes } from '../../knowledge/model/recordTypes.js';

const StatsType = builder.objectRef<Stats>('Stats').implement({
  description: 'The number of records in the knowledge base.',
  fields: (t) => ({
    ...mapRecordTypes((type) =>
      t.exposeInt(recordTypes[type].singular, {
        description:
          type === 'positions'
            ? 'The number of positions that people hold or held.'
            : `The number of ${type}.`,
      }),
    ),
    mentions: t.exposeInt('mention', {
      description: 'The number of mentions; several in one article count once for each entity.',
    }),
    references: t.exposeInt('reference', {
      description: 'The number of references.',
    }),
    verifiedReferences: t.exposeInt('verifiedReference', {
      description: "The number of references that the server found in the article's text.",
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time of the last change; null if there was none.',
    }),
  }),
});

builder.queryField('stats', (t) =>
  t.field({
    type: StatsType,
    costs: { weight: 400 },
    description:
      'The number of records in the knowledge base. For counts by kind, country, year … see `groups` of a list.',
    resolve: (_root, _args, { knowledge, view }) => knowledge.stats.read(view),
  }),
);
