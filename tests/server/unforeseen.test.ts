import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../support/endpoint.js';
import { hosted } from '../support/hosted.js';

describe.each(['development', 'production', ''])('an unexpected error, NODE_ENV=%s', (mode) => {
  const before = process.env['NODE_ENV'];
  beforeAll(() => {
    process.env['NODE_ENV'] = mode;
  });
  afterAll(() => {
    process.env['NODE_ENV'] = before;
  });
  const server = hosted();

  it('is logged, with an id that the client gets instead of it', async () => {
    const { db } = server.chancery.database;
    await db.execute(sql`alter table person rename to secret_table`);
    const query = '{ person(slug: "jens-stoltenberg") { birthDate } }';
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      // The second and third time it is compiled code that throws.
      for (let i = 0; i < 4; i++) {
        const { body, code } = await execute(server.origin, query, {}, { accept });
        expect(code).toBe('INTERNAL_SERVER_ERROR');
        expect(JSON.stringify(body)).not.toMatch(/secret_table|relation|select|stack|\.ts|\.js/i);
        const id = body.errors?.[0]?.extensions?.['errorId'];
        expect(id).toMatch(/^[0-9a-f-]{36}$/);
        expect(server.logged.at(-1)).toContain(id);
      }
    }
    await db.execute(sql`alter table secret_table rename to person`);
    expect((await execute(server.origin, query)).body).not.toHaveProperty('errors');
  });
});
