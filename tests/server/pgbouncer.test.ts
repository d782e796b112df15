import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, run, serve, stop, type RunningServer } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';
import { hasPgBouncer, startPgBouncer, type PgBouncer } from '../support/pgbouncer.js';

describe.skipIf(!hasPgBouncer)('behind PgBouncer in transaction mode', () => {
  describeOnEachServer('chancery serve', ({ newDatabase }) => {
    let direct: string;
    let pooler: PgBouncer;
    let servers: RunningServer[];
    beforeAll(async () => {
      direct = await newDatabase();
      pooler = await startPgBouncer(direct);
      servers = await Promise.all([1, 2].map(() => serve({ DATABASE_URL: pooler.url })));
    });
    afterAll(async () => {
      await Promise.all(servers.map(({ process }) => stop(process, 'SIGKILL')));
      await pooler.stop();
    });
    const first = () => servers[0]?.origin ?? '';
    const second = () => servers[1]?.origin ?? '';

    it('brings the tables up to date and answers, with prepared statements', async () => {
      const query = `query ($slug: String!) { organization(slug: $slug) { offices { totalCount nodes { name place { name } } } } }`;
      for (let round = 0; round < 5; round++) {
        const asked = Array.from({ length: 20 }, (_, i) =>
          post(i % 2 ? first() : second(), query, { slug: i % 3 ? 'nato' : `none-${i}` }),
        );
        for (const { status, body } of await Promise.all(asked)) {
          expect({ status, errors: body['errors'] }).toEqual({ status: 200, errors: undefined });
        }
      }
    });

    it('writes, and no server answers from before', async () => {
      const query = '{ organization(slug: "club") { name } }';
      for (const name of ['Club', 'Circle']) {
        const dossier = `organizations: [{ slug: club, name: ${name}, kind: OTHER }]`;
        const imported = await run(['import', '-'], { DATABASE_URL: pooler.url }, dossier);
        expect(imported.code).toBe(0);
        for (let i = 0; i < 10; i++) {
          for (const origin of [first(), second()]) {
            const { body } = await post(origin, query);
            expect(body).toEqual({ data: { organization: { name } } });
          }
        }
      }
    });

    it('takes mutations by key, each whole or not at all', async () => {
      const key = await run(['keys', 'create', '--role', 'editor', '--name', 'Ann'], {
        DATABASE_URL: pooler.url,
      });
      const query =
        'mutation ($name: String!) { createPerson(input: { name: $name }) { ... on PersonPayload { revision } } }';
      const made = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          const response = await fetch(`${i % 2 ? first() : second()}/graphql`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              authorization: `Bearer ${key.stdout.trim()}`,
            },
            body: JSON.stringify({ query, variables: { name: `Person ${i}` } }),
          });
          return (await response.json()) as unknown;
        }),
      );
      for (const each of made) expect(each).toEqual({ data: { createPerson: { revision: 1 } } });
      const audited = await run(['audit'], { DATABASE_URL: direct });
      expect(audited.stdout).toBe('');
      expect(audited.code).toBe(0);
    });
  });
});
