import { sql } from 'drizzle-orm';
import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppIdentify, AppIdentity } from 'chancery';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { readRows } from '../../src/database/database.js';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { inMemory } from '../support/inMemory.js';

const ann: AppIdentity = { id: 'u1', name: 'Ann', role: 'EDITOR' };
const viewer = '{ organization(slug: "nato") { name } }';
const create = 'mutation { createPerson(input: { name: "Zoë" }) { __typename } }';

describe('the users of an app', () => {
  let chancery: Chancery;
  let key: string;
  let identify: AppIdentify;
  const logged: object[] = [];
  beforeAll(async () => {
    chancery = await createChancery({
      database: await inMemory(),
      sample: true,
      identify: (request, req) => identify(request, req),
      log: { error: (details) => logged.push(details) },
    });
    ({ key } = await createApiKey(chancery.database, { name: 'a key', role: 'EDITOR' }));
  });
  afterAll(() => chancery.close());
  beforeEach(() => {
    identify = ({ headers }) => (headers.get('cookie') === 'session=ann' ? ann : undefined);
    logged.length = 0;
  });

  const send = async (
    query: string,
    headers: Record<string, string> = {},
    options?: Parameters<Chancery['fetch']>[1],
  ) => {
    const response = await chancery.fetch(
      new Request('http://app.example/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      }),
      options,
    );
    const { data, errors } = (await response.json()) as {
      data?: Record<string, unknown> | null;
      errors?: { message: string; extensions: Record<string, unknown> }[];
    };
    const [error] = errors ?? [];
    return { status: response.status, data, code: error?.extensions['code'], error };
  };
  const lastAuthor = async () => {
    const [row] = await readRows(
      chancery.database.db,
      sql`select actor as name, identity from revision order by id desc limit 1`,
    );
    return row;
  };
  const written = { status: 200, data: { createPerson: { __typename: 'PersonPayload' } } };

  it('are identified by the request, and named in history by their id', async () => {
    expect(await send(create, { cookie: 'session=ann' })).toMatchObject(written);
    expect(await lastAuthor()).toEqual({ name: 'Ann', identity: 'app:u1' });
  });

  it('are anonymous, or clients with a key, where the app does not know them', async () => {
    expect(await send(viewer)).toMatchObject({ data: { organization: { name: 'NATO' } } });
    expect(await send(create)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await send(create, { authorization: `Bearer ${key}` })).toMatchObject(written);
    expect(await send(viewer, { authorization: 'Bearer unknown' })).toMatchObject({ status: 401 });
  });

  it('win over the header Authorization', async () => {
    const headers = { cookie: 'session=ann', authorization: 'Bearer unknown' };
    expect(await send(create, headers)).toMatchObject(written);
    identify = () => ({ ...ann, role: 'READER' });
    expect(await send(create, { authorization: `Bearer ${key}` })).toMatchObject({
      code: 'FORBIDDEN',
    });
    identify = () => null;
    expect(await send(create, { authorization: `Bearer ${key}` })).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('are given with the request, which wins over the function and the header', async () => {
    const bob: AppIdentity = { id: 'u2', name: 'Bob', role: 'EDITOR' };
    expect(await send(create, { cookie: 'session=ann' }, { identity: bob })).toMatchObject(written);
    expect(await lastAuthor()).toEqual({ name: 'Bob', identity: 'app:u2' });
    const headers = { cookie: 'session=ann', authorization: `Bearer ${key}` };
    expect(await send(create, headers, { identity: null })).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await send(create, headers, { identity: undefined })).toMatchObject(written);
  });

  it('are rejected with 401 where the app says so', async () => {
    identify = () => {
      throw new GraphQLError('the session has expired', {
        extensions: { code: 'UNAUTHENTICATED' },
      });
    };
    for (const query of [viewer, create]) {
      expect(await send(query)).toMatchObject({
        ...{ status: 401, data: undefined, code: 'UNAUTHENTICATED' },
        error: { message: 'the session has expired' },
      });
    }
    expect(logged).toEqual([]);
  });

  it.each<[string, AppIdentify]>([
    [
      'throws',
      () => {
        throw new Error('secret: the session store is down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret: the session store is down'))],
  ])('are rejected with 503 while the function %s, and the log says why', async (_, broken) => {
    identify = broken;
    for (const headers of [{}, { authorization: `Bearer ${key}` }]) {
      logged.length = 0;
      const { error, ...rest } = await send(viewer, headers);
      expect(rest).toEqual({ status: 503, data: undefined, code: 'SERVICE_UNAVAILABLE' });
      expect(JSON.stringify(error)).not.toContain('secret');
      expect(logged).toEqual([expect.objectContaining({ errorId: error?.extensions['errorId'] })]);
    }
  });

  it.each<[string, unknown]>([
    ['no id', { name: 'Ann', role: 'EDITOR' }],
    ['an id that is no text', { id: 1, name: 'Ann', role: 'EDITOR' }],
    ['an empty id', { id: '', name: 'Ann', role: 'EDITOR' }],
    ['no name', { id: 'u1', role: 'EDITOR' }],
    ['no role', { id: 'u1', name: 'Ann' }],
    ['another role', { id: 'u1', name: 'Ann', role: 'editor' }],
    ['a text in their place', 'Ann'],
    ['true in their place', true],
  ])('are rejected with 401 where the app gives %s', async (_, user) => {
    const identity = user as AppIdentity;
    expect(await send(viewer, {}, { identity })).toMatchObject({ status: 401, data: undefined });
    identify = () => identity;
    expect(await send(viewer)).toMatchObject({ status: 401, data: undefined });
  });

  it('share no response with others in caches', async () => {
    const url = `http://app.example/graphql?query=${encodeURIComponent(viewer)}`;
    const cacheControl = async (options?: Parameters<Chancery['fetch']>[1]) =>
      (await chancery.fetch(new Request(url), options)).headers.get('cache-control');
    expect(await cacheControl()).toBe('private, no-cache');
    expect(await cacheControl({ identity: ann })).toBe('private, no-cache');
  });

  it('lose their open streams when the app no longer knows them, or knows another', async () => {
    const own = await createChancery({
      database: chancery.database,
      // Users are checked at half this time.
      limits: { slowSeconds: 0.2 },
      identify: (request, req) => identify(request, req),
    });
    const subscribe = async () => {
      const response = await own.fetch(
        new Request('http://app.example/graphql', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'text/event-stream',
            cookie: 'session=ann',
          },
          body: JSON.stringify({ query: 'subscription { changed { cursor } }' }),
        }),
      );
      return response.text();
    };
    for (const later of [undefined, { ...ann, id: 'u3' }, { ...ann, role: 'READER' as const }]) {
      let calls = 0;
      identify = () => (calls++ ? later : ann);
      expect(await subscribe()).toMatch(/UNAUTHENTICATED[\s\S]*event: complete/);
    }
    await own.close();
  });
});
