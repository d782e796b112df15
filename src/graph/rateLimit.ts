/** `rateLimit`: the points that a client has left, as part of a response. */
import { builder } from './builder.js';
import type { RateState } from './context.js';

const RateLimit = builder.objectRef<RateState>('RateLimit').implement({
  description: 'The rate limit of a client, in points per minute.',
  fields: (t) => ({
    cost: t.exposeInt('cost', {
      description:
        'The points that this request costs: one for each hundred objects that the response may contain.',
    }),
    limit: t.exposeInt('limit', { description: 'The points per minute.' }),
    remaining: t.exposeInt('remaining', { description: 'The points that remain.' }),
    resetAt: t.expose('resetAt', {
      type: 'DateTime',
      description: 'When all points are available again, if no more are used.',
    }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimit,
    nullable: true,
    cached: false,
    description:
      'The rate limit of the client and the cost of this request; null if the server has no rate limit.',
    resolve: (_root, _args, { meter }) => meter?.state ?? null,
  }),
);
