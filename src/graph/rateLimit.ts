/** `rateLimit`: what a client may still ask for, told along with an answer. */
import { builder } from './builder.js';

/** What a client has of the points that it gets each minute. */
export interface RateState {
  cost: number;
  limit: number;
  remaining: number;
  resetAt: Date;
}

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
