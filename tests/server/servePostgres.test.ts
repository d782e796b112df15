import { afterAll, beforeAll, expect, it } from 'vitest';
import { post, run, serve, stop, type RunningServer } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';

describeOnEachServer('chancery serve with DATABASE_URL', ({ newDatabase }) => {
  let url: string;
  let servers: RunningServer[] = [];
  beforeAll(async () => {
    url = await newDatabase();
    // Three at once, on a database without a table.
    servers = await Promise.all([1, 2, 3].map(() => serve({ DATABASE_URL: url })));
  });
  afterAll(() => Promise.all(servers.map(({ process }) => stop(process, 'SIGKILL'))));

  it('names the server and the database, without the account', () => {
    for (const { greeting } of servers) {
      expect(greeting).toMatch(/from the PostgreSQL 1[58][.\d]* at 127\.0\.0\.1:\d+\/test_\w+\./);
    }
  });

  it('answers the same on all servers, with the sample filled in once', async () => {
    for (const { origin } of servers) {
      const { body } = await post(
        origin,
        `{ organization(slug: "nato") {
            open: offices(filter: { kind: [LIAISON], status: [OPEN] }) { totalCount }
            all: offices(filter: { kind: [LIAISON] }) { totalCount } }
          articles { totalCount } }`,
      );
      expect(body).toEqual({
        data: {
          organization: { open: { totalCount: 7 }, all: { totalCount: 8 } },
          articles: { totalCount: 1 },
        },
      });
    }
  });

  it('shows what another process imports, at once', async () => {
    const dossier = 'organizations: [{ slug: club, name: Club, kind: OTHER }]';
    const imported = await run(['import', '-'], { DATABASE_URL: url }, dossier);
    expect(imported).toMatchObject({
      code: 0,
      stdout: 'standard input: 1 created, 0 changed, 0 unchanged\n',
    });
    for (const { origin } of servers) {
      const { body } = await post(origin, '{ organization(slug: "club") { name } }');
      expect(body).toEqual({ data: { organization: { name: 'Club' } } });
    }
  });

  it('reports a mistake in a dossier with file, line and column, and writes nothing', async () => {
    const dossier = 'people:\n  - { slug: amy, name: Amy }\n  - { slug: Bob, nam: Bob }\n';
    const { code, stderr } = await run(['import', '-'], { DATABASE_URL: url }, dossier);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^standard input:3:\d+: /m);
    expect(stderr).toMatch(/Bob/);
    const { body } = await post(servers[0]?.origin ?? '', '{ person(slug: "amy") { name } }');
    expect(body).toEqual({ data: { person: null } });
  });
});
