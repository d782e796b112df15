/**
 * An Express app that serves the knowledge base beside routes of its own, to its own users. Start it
 * with
 *
 *     node examples/express/main.ts      (Node 22.18 or newer runs TypeScript as it is)
 */
import express, { type Express } from 'express';
import type { AppIdentify, AppIdentity, Chancery } from 'chancery';

/** The users by their session; an app has a store for them. */
const sessions = new Map<string, AppIdentity>([
  ['ann-session', { id: 'u1', name: 'Ann', role: 'EDITOR' }],
]);

/** For the option `identify` of `createChancery`. */
export const identify: AppIdentify = ({ headers }) => {
  const [, session = ''] = /(?:^|; )session=([^;]*)/.exec(headers.get('cookie') ?? '') ?? [];
  return sessions.get(session);
};

export function createApp(chancery: Chancery): Express {
  const app = express();
  app.get('/', (_req, res) => void res.send('An app with a knowledge base at /graphql.'));
  app.use('/graphql', chancery.handler);
  return app;
}
