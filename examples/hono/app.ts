/**
 * A Hono app that serves the knowledge base beside routes of its own. Start it with
 *
 *     node examples/hono/main.ts      (Node 22.18 or newer runs TypeScript as it is)
 */
import { Hono } from 'hono';
import { publicView, type Chancery } from 'chancery';

export function createApp(chancery: Chancery): Hono {
  const app = new Hono();
  app.get('/', (c) => c.text('An app with a knowledge base at /graphql.'));
  app.get('/people/:slug', async (c) => {
    const person = await chancery.knowledge.entities.as(publicView, 'PERSON', {
      slug: c.req.param('slug'),
    });
    return person ? c.json({ name: person.name }) : c.notFound();
  });
  app.all('/graphql', (c) => chancery.fetch(c.req.raw));
  return app;
}
