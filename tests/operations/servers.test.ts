import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { editorsKey } from '../faults/support.js';
import { serve, stop, type RunningServer } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';
import { execute, send } from '../support/endpoint.js';

describeOnEachServer('several servers on one database, asked in turn', ({ newDatabase }) => {
  let servers: RunningServer[];
  let authorization: string;
  beforeAll(async () => {
    const url = await newDatabase();
    const env = { DATABASE_URL: url, CHANCERY_RATE_LIMIT: '600' };
    servers = await Promise.all([serve(env), serve(env)]);
    authorization = `Bearer ${await editorsKey(url)}`;
    return () => Promise.all(servers.map(({ process }) => stop(process, 'SIGKILL')));
  });
  const origin = (i: number) => servers[i % 2]?.origin ?? '';

  it('give the pages of a list one after the other, whichever is asked for the next', async () => {
    const slugs: string[] = [];
    let after: string | null = null;
    for (let i = 0; i < 20; i++) {
      const query = `query ($after: String) { organizations(first: 2, after: $after) {
        nodes { slug } pageInfo { hasNextPage endCursor } totalCount } }`;
      const { body } = await execute(origin(i), query, { after });
      const { nodes, pageInfo, totalCount } = body.data?.['organizations'] as Page;
      slugs.push(...nodes.map(({ slug }) => slug));
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) {
        expect(new Set(slugs).size).toBe(totalCount);
        break;
      }
    }
    expect(slugs.length).toBeGreaterThan(4);
  });

  it('make a change once under its idempotencyKey, whichever it is sent to', async () => {
    const making = `mutation { createPerson(input: { name: "Ann" }, idempotencyKey: "once") {
      ... on PersonPayload { changeId person { id } } } }`;
    const made = [];
    for (let i = 0; i < 4; i++)
      made.push((await execute(origin(i), making, {}, { authorization })).body);
    expect(made[0]?.data).toHaveProperty('createPerson.changeId');
    for (const each of made) expect(each).toEqual(made[0]);
    for (let i = 0; i < 2; i++) {
      const { body } = await execute(origin(i), '{ people { nodes { name } } }');
      const { nodes } = body.data?.['people'] as { nodes: { name: string }[] };
      expect(nodes.filter(({ name }) => name === 'Ann')).toHaveLength(1);
    }
  });

  it('have clients send the text of a query that was registered elsewhere', async () => {
    const query = '{ place(slug: "tokyo") { name } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const post = (i: number, body: object) =>
      send(`${origin(i)}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ extensions, ...body }),
      });
    const answer = { data: { place: { name: 'Tokyo' } } };
    expect((await post(0, { query })).body).toEqual(answer);
    expect((await post(1, {})).code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await post(1, { query })).body).toEqual(answer);
    expect((await post(1, {})).body).toEqual(answer);
  });

  it('count points each by itself', async () => {
    const remaining = async (i: number) => {
      const { body } = await execute(origin(i), '{ rateLimit { remaining } }');
      return (body.data?.['rateLimit'] as { remaining: number }).remaining;
    };
    const large =
      '{ organizations(first: 100) { nodes { offices(first: 100) { nodes { id } } } } }';
    await remaining(1);
    for (let i = 0; i < 3; i++) expect((await execute(origin(0), large)).status).toBe(200);
    // Each took a hundred points there, and none here.
    expect(await remaining(0)).toBeLessThan(400);
    expect(await remaining(1)).toBeGreaterThan(500);
  });
});

// Private:

interface Page {
  nodes: { slug: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
  totalCount: number;
}
