import { createInterface } from 'node:readline';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRows, type Database } from '../../../src/database/database.js';
import { openDatabase } from '../../../src/database/open.js';
import { createApiKey } from '../../../src/knowledge/auth/apiKeys.js';
import { serve, stop, type RunningServer } from '../../support/command.js';
import { describeOnEachServer } from '../../support/databases.js';
import { execute, send, servedEndpoint } from '../../support/endpoint.js';
import { eventually } from '../../support/waiting.js';

describe('the id of a request', () => {
  const endpoint = servedEndpoint();
  const idFor = async (given?: string) => {
    const headers = given === undefined ? {} : { 'x-request-id': given };
    return (await endpoint.execute('{ __typename }', {}, headers)).headers.get('x-request-id');
  };

  it.each(['a', 'Root=1-67891233-abcdef012345678912345678', '00-4bf92f-01', 'x'.repeat(128)])(
    'is the one that the caller gives: %s',
    async (given) => expect(await idFor(given)).toBe(given),
  );

  it.each([undefined, 'x'.repeat(129), 'a b', '{"a":1}', "' or 1=1 --", 'ä', '<script>'])(
    'is made where there is none that is fit to be written down: %s',
    async (given) => {
      expect(await idFor(given)).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f-]{21}$/);
      expect(await idFor(given)).not.toBe(await idFor(given));
    },
  );

  it.each(['/health', '/nowhere', '/entity/nato', '/graphql?query={'])(
    'comes back with each reply: %s',
    async (path) => {
      const { headers } = await endpoint.send(path, { headers: { 'x-request-id': 'mine' } });
      expect(headers.get('x-request-id')).toBe('mine');
    },
  );
});

interface LogLine {
  msg: string;
  requestId?: string;
  errorId?: string;
  [name: string]: unknown;
}

describeOnEachServer('the log of requests', ({ engine, newDatabase }) => {
  // Logs do not depend on the version of PostgreSQL.
  describe.skipIf(engine === 'PostgreSQL 15')('in the log, at its most talkative', () => {
    let database: Database;
    let server: RunningServer;
    let key: string;
    let readerKey: string;
    let log = '';
    const lines: LogLine[] = [];

    beforeAll(async () => {
      const url = await newDatabase();
      server = await serve({ DATABASE_URL: url, LOG_LEVEL: 'trace', CHANCERY_CACHE_MB: '0' });
      server.process.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
      createInterface({ input: server.process.stdout! }).on('line', (line) => {
        log += `${line}\n`;
        lines.push(JSON.parse(line) as LogLine);
      });
      database = await openDatabase({ url });
      ({ key } = await createApiKey(database, { name: 'Ann', role: 'EDITOR' }));
      ({ key: readerKey } = await createApiKey(database, { name: 'Eve', role: 'READER' }));
      return async () => {
        await stop(server.process, 'SIGKILL');
        await database.close();
      };
    });

    const linesOf = (id: string, count = 1) =>
      eventually(() => {
        const found = lines.filter(({ requestId }) => requestId === id);
        expect(found.length).toBeGreaterThanOrEqual(count);
        return found;
      });

    it('every line of a request has its id, by each way through the server', async () => {
      const body = { 'x-request-id': 'plain' };
      await execute(server.origin, 'query Mine { __typename }', {}, body);
      expect((await linesOf('plain'))[0]).toMatchObject({
        msg: 'request',
        method: 'POST',
        path: '/graphql',
        status: 200,
        operation: 'Mine',
      });
      await execute(server.origin, '{ nothing }', {}, { 'x-request-id': 'wrong' });
      expect((await linesOf('wrong'))[0]).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    });

    it('the database shows the request of a change while it runs', async () => {
      const done = await database.db.transaction(async (tx) => {
        // Editors take turns, so the change waits for us.
        await tx.execute(sql`select pg_advisory_xact_lock(${sql.raw('0x77726974::bigint')})`);
        const change = executeAsEditor(create('Bob'), { 'x-request-id': 'change-1' });
        await eventually(async () => {
          const rows = await readRows<{ name: string }>(
            database.db,
            sql`select application_name as name from pg_stat_activity
                where application_name like 'chancery %' and wait_event_type = 'Lock'`,
          );
          expect(rows.map(({ name }) => name)).toEqual(['chancery change-1']);
        });
        // Not awaited in here, where it would wait for ever.
        return { change };
      });
      expect((await done.change).body.errors).toBeUndefined();
    });

    it('an unexpected error has it as well, by every transport', async () => {
      await withoutRecords(async () => {
        for (const [id, reply] of [
          ['failed-1', await execute(server.origin, place, {}, { 'x-request-id': 'failed-1' })],
          ['failed-2', await executeAsReader(place, { 'x-request-id': 'failed-2' })],
          ['failed-3', await byGet(place, { 'x-request-id': 'failed-3' })],
        ] as const) {
          expect(reply.code).toBe('INTERNAL_SERVER_ERROR');
          const errorId = reply.body.errors?.[0]?.extensions?.['errorId'];
          const [error] = (await linesOf(id, 2)).filter(({ msg }) => msg === 'unexpected error');
          expect(error).toMatchObject({
            errorId,
            err: { name: 'DrizzleQueryError', code: '42P01' },
          });
        }
      });
    });

    it('nothing that may be secret is logged, wherever it was sent', async () => {
      const hidden: string[] = [key, readerKey];
      const secret = (): string => {
        const made = `sesame-${hidden.length}-open`;
        hidden.push(made);
        return made;
      };
      const executeAll = async () => {
        const find = 'query Find($slug: String!) { place(slug: $slug) { name } }';
        await execute(server.origin, find, { slug: secret() });
        await execute(server.origin, `{ place(slug: "${secret()}") { name } }`);
        await execute(server.origin, find, { slug: [secret()] });
        await execute(server.origin, `{ place(slug: "${secret()}" { name } }`);
        await execute(
          server.origin,
          find,
          { slug: secret() },
          { authorization: `Bearer ${secret()}` },
        );
        await execute(server.origin, find, { slug: secret() }, { cookie: `session=${secret()}` });
        await executeAsEditor(create(secret()));
        await executeAsReader(`{ place(slug: "${secret()}") { name } }`);
        await executeAsEditor(create(`\u0000${secret()}`));
        await executeAsEditor(`mutation { undo(changeId: "${secret()}") { __typename } }`);
        await byGet(`{ place(slug: "${secret()}") { name } }`);
        await byGet(find, {}, `&variables={"slug":"${secret()}"}&token=${secret()}`);
        await byGet(find, {}, `&variables={${secret()}`);
        const at = (path: string, options?: RequestInit) => fetch(server.origin + path, options);
        const json = { 'content-type': 'application/json' };
        await at('/graphql', { method: 'POST', headers: json, body: `{"query": ${secret()}` });
        await at('/graphql', { method: 'POST', headers: json, body: `["${secret()}"]` });
        await at('/graphql', { method: 'POST', headers: { 'content-type': secret() }, body: 'x' });
        await at(`/entity/${secret()}?key=${secret()}`);
        await at(`/nowhere/${secret()}?key=${secret()}`);
        await at(`/graphql/%${secret()}`);
        await at('/metrics', { headers: { authorization: `Bearer ${secret()}` } });
      };
      await executeAll();
      await withoutRecords(executeAll);
      await execute(server.origin, '{ __typename }', {}, { 'x-request-id': 'last' });
      await linesOf('last');
      expect(hidden.length).toBeGreaterThan(40);
      expect(log).toContain('unexpected error');
      for (const each of hidden) expect(log).not.toContain(each);
      expect(await (await fetch(`${server.origin}/metrics`)).text()).not.toMatch(/sesame|Bearer/);
      expect(log).not.toMatch(/sesame/);
    });

    const create = (name: string) =>
      `mutation { createPerson(input: { name: ${JSON.stringify(name)} }) { __typename } }`;
    const place = '{ place(slug: "sesame-open") { name } }';

    const executeAsEditor = (query: string, headers?: Record<string, string>) =>
      execute(server.origin, query, {}, { authorization: `Bearer ${key}`, ...headers });

    /** Whose queries go through the endpoint's own way. */
    const executeAsReader = (query: string, headers?: Record<string, string>) =>
      execute(server.origin, query, {}, { authorization: `Bearer ${readerKey}`, ...headers });

    const byGet = (query: string, headers: Record<string, string> = {}, more = '') =>
      send(`${server.origin}/graphql?query=${encodeURIComponent(query)}${more}`, { headers });

    /** Whatever reads or writes records fails meanwhile. */
    async function withoutRecords(work: () => Promise<void>): Promise<void> {
      await database.db.execute(sql`alter table entity rename to elsewhere`);
      try {
        await work();
      } finally {
        await database.db.execute(sql`alter table elsewhere rename to entity`);
      }
    }
  });
});
