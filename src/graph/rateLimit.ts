/** `rateLimit`: the points that a client has left, as part of a response. */
import { builder } from './builder.js';
import type { RateState } from './context.js';

const RateLimit = builder.objectRef<RateState>('RateLimit').implement({
  description: 'What a client may ask for in a minute, counted in points.',
  fields: (t) => ({
    cost: t.exposeInt('cost', {
      description: 'What this request takes: a point for each hundred objects that it may hold.',
    }),
    limit: t.exposeInt('limit', { description: 'The points of a minute.' }),
    remaining: t.exposeInt('remaining', { description: 'The points that are left now.' }),
    resetAt: t.expose('resetAt', {
      type: 'DateTime',
      description: 'When all points are back, if no more are taken.',
    }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimit,
    nullable: true,
    description:
      'What this request takes of the points that its client has in a minute; null where nobody counts.',
    resolve: (_root, _args, { meter }) => meter?.state ?? null,
  }),
);
