import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readRows } from '../../src/database/database.js';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { createApiKey, listApiKeys, revokeApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { tokenVerifier } from '../../src/server/auth/tokens.js';
import { run } from '../support/command.js';
import { freePort } from '../support/freePort.js';
import { sampleFolder } from '../support/temporary.js';
import { inMemory } from '../support/inMemory.js';

const issuer = 'https://login.example.org/';
const audience = 'chancery';
const mutation = 'mutation { createPerson(input: { name: "Ann" }) { __typename } }';

describe('who may write', () => {
  let chancery: Chancery;
  let provider: Server;
  let fetched = 0;
  const statements: string[] = [];
  let keys: { kid: string; privateKey: CryptoKey; publicKey: CryptoKey }[] = [];
  const newKey = async (kid: string) => ({ kid, ...(await generateKeyPair('ES256')) });

  beforeAll(async () => {
    keys = [await newKey('first')];
    provider = createServer((_request, response) => {
      fetched++;
      const published = keys.map(async ({ kid, publicKey }) => ({
        ...(await exportJWK(publicKey)),
        kid,
        alg: 'ES256',
      }));
      void Promise.all(published).then((all) => response.end(JSON.stringify({ keys: all })));
    });
    await new Promise<void>((resolve) => provider.listen(0, resolve));
    const { port } = provider.address() as AddressInfo;
    chancery = await createChancery({
      database: await inMemory(),
      onStatement: (statement) => void statements.push(statement),
      tokens: { issuer, audience, jwksUrl: `http://localhost:${port}/jwks` },
    });
  });
  afterAll(async () => {
    await chancery.close();
    provider.close();
  });

  const send = async (authorization?: string, query = mutation) => {
    const response = await chancery.fetch(
      new Request('http://test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
        body: JSON.stringify({ query }),
      }),
    );
    const body = (await response.json()) as {
      data?: { createPerson?: { __typename: string } | null } | null;
      errors?: { message: string; extensions: { code: string } }[];
    };
    return {
      status: response.status,
      wrote: body.data?.createPerson?.__typename === 'PersonPayload',
      code: body.errors?.[0]?.extensions.code,
      message: body.errors?.[0]?.message,
    };
  };

  const lastAuthor = async () => {
    const [row] = await readRows(
      chancery.database.db,
      sql`select actor, identity from revision order by id desc limit 1`,
    );
    return row;
  };

  describe('with an API key', () => {
    const keyOf = async (role: 'READER' | 'EDITOR' | 'ADMIN', expiresAt?: Date) =>
      createApiKey(chancery.database, { name: `a ${role}`, role, ...(expiresAt && { expiresAt }) });

    it('permits mutations to editors and admins only', async () => {
      expect(await send(`Bearer ${(await keyOf('EDITOR')).key}`)).toMatchObject({ wrote: true });
      expect(await send(`bearer ${(await keyOf('ADMIN')).key}`)).toMatchObject({ wrote: true });
      expect(await send(`Bearer ${(await keyOf('READER')).key}`)).toMatchObject({
        wrote: false,
        code: 'FORBIDDEN',
      });
      expect(await send()).toMatchObject({ wrote: false, code: 'UNAUTHENTICATED' });
    });

    it('lists in history the name of the key', async () => {
      const { id, key } = await createApiKey(chancery.database, { name: 'Zoë', role: 'EDITOR' });
      await send(`Bearer ${key}`);
      expect(await lastAuthor()).toEqual({ actor: 'Zoë', identity: `key:${id}` });
    });

    it('a revoked, an expired and an unknown key get 401, for reading too', async () => {
      const { id, key } = await keyOf('EDITOR');
      expect(await send(`Bearer ${key}`)).toMatchObject({ wrote: true });
      expect(await revokeApiKey(chancery.database, id)).toBe(true);
      expect(await revokeApiKey(chancery.database, id)).toBe(false);
      expect(await send(`Bearer ${key}`)).toMatchObject({
        status: 401,
        code: 'UNAUTHENTICATED',
        message: 'the API key was revoked',
      });
      const { key: old } = await keyOf('EDITOR', new Date(Date.now() - 1000));
      expect(await send(`Bearer ${old}`, '{ __typename }')).toMatchObject({
        status: 401,
        message: 'the API key has expired',
      });
      expect(await send(`Bearer chk_${'x'.repeat(43)}`)).toMatchObject({ status: 401 });
    });

    it.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'nonsense', `Bearer ${'x'.repeat(10_000)}`])(
      'rejects credentials like %.20s',
      async (authorization) => {
        expect(await send(authorization)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      },
    );

    it('is kept as a hash only, and its last use is noted', async () => {
      const { key, id } = await keyOf('READER');
      await send(`Bearer ${key}`, '{ __typename }');
      const dump = JSON.stringify(await chancery.database.db.execute(sql`select * from api_key`));
      expect(dump).not.toContain(key);
      const listed = (await listApiKeys(chancery.database)).find((each) => each.id === id);
      expect(listed?.lastUsedAt).toBeInstanceOf(Date);
      expect(listed).not.toHaveProperty('hash');
    });

    it('has its last use noted once a minute, and is otherwise only read', async () => {
      const { database } = chancery;
      const { key, id } = await keyOf('READER');
      const lastUse = async () =>
        (await listApiKeys(database)).find((each) => each.id === id)?.lastUsedAt?.getTime();
      const use = () => send(`Bearer ${key}`, '{ __typename }');
      await use();
      const first = await lastUse();
      statements.length = 0;
      for (let i = 0; i < 3; i++) await use();
      expect(await lastUse()).toBe(first);
      expect(statements.filter((statement) => /^update .?api_key/i.test(statement))).toEqual([]);
      await database.db.execute(
        sql`update api_key set last_used_at = now() - interval '61 seconds' where id = ${id}`,
      );
      await use();
      expect(await lastUse()).toBeGreaterThanOrEqual(first ?? Infinity);
    });
  });

  describe('with a token', () => {
    interface Claims {
      role?: unknown;
      /** Claims beside the usual ones, or in their place; undefined for none. */
      claims?: Record<string, unknown>;
      iss?: string;
      aud?: string;
      expiresIn?: string;
      by?: { kid: string; privateKey: CryptoKey };
    }
    const token = async ({
      role,
      claims,
      iss = issuer,
      aud = audience,
      expiresIn = '1h',
      by,
    }: Claims) => {
      const signer = by ?? keys[0];
      if (!signer) throw new Error('no key');
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({
        ...(role !== undefined && { role }),
        sub: 'ann',
        iat: now,
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', kid: signer.kid })
        .setIssuer(iss)
        .setAudience(aud)
        .setExpirationTime(expiresIn)
        .sign(signer.privateKey);
    };
    const soon = () => Math.floor(Date.now() / 1000) + 3600;

    it('an editor writes, a reader does not', async () => {
      expect(await send(`Bearer ${await token({ role: 'editor' })}`)).toMatchObject({
        wrote: true,
      });
      expect(await send(`Bearer ${await token({ role: 'reader' })}`)).toMatchObject({
        code: 'FORBIDDEN',
      });
    });

    it('its subject is who wrote, whatever it is called', async () => {
      for (const name of ['import', 'key-editor', undefined]) {
        const shown = await token({ role: 'editor', claims: { name } });
        expect(await send(`Bearer ${shown}`)).toMatchObject({ wrote: true });
        expect(await lastAuthor()).toEqual({
          actor: name ?? 'ann',
          identity: `token:${issuer}#ann`,
        });
      }
    });

    it('whose keys cannot be fetched is answered with 503 rather than 401', async () => {
      const jwksUrl = `http://localhost:${await freePort()}/jwks`;
      const check = tokenVerifier({ issuer, audience, jwksUrl });
      await expect(check(await token({ role: 'editor' }))).rejects.toMatchObject({
        extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } },
      });
    });

    it.each<[string, Claims]>([
      ['another issuer', { role: 'editor', iss: 'https://evil.example.org/' }],
      ['another audience', { role: 'editor', aud: 'somebody-else' }],
      ['an end in the past', { role: 'editor', expiresIn: '-1h' }],
      ['no role', {}],
      ['a role that is none', { role: 'root' }],
      ['a role that is spelled otherwise', { role: 'EDITOR' }],
      ['the role constructor', { role: 'constructor' }],
      ['the role __proto__', { role: '__proto__' }],
      ['the role toString', { role: 'toString' }],
      ['the role hasOwnProperty', { role: 'hasOwnProperty' }],
      ['a list of roles', { role: ['editor'] }],
      ['an object for a role', { role: { editor: true } }],
      ['a number for a role', { role: 1 }],
      ['no role but null', { role: null }],
      ['an empty sub', { role: 'editor', claims: { sub: '' } }],
      ['a blank sub', { role: 'editor', claims: { sub: ' ' } }],
      ['a number for a sub', { role: 'editor', claims: { sub: 7 } }],
      ['an object for a sub', { role: 'editor', claims: { sub: { a: 1 } } }],
      ['an absurdly long sub', { role: 'editor', claims: { sub: 'x'.repeat(3000) } }],
      ['a sub with a control character', { role: 'editor', claims: { sub: 'ann\u0000' } }],
      ['a sub with half a surrogate pair', { role: 'editor', claims: { sub: '\ud800' } }],
      ['an absurdly long name', { role: 'editor', claims: { name: 'x'.repeat(3000) } }],
      ['a name of several lines', { role: 'editor', claims: { name: 'Ann\nBob' } }],
      ['an object for a name', { role: 'editor', claims: { name: { first: 'Ann' } } }],
      ['an absurdly long address', { role: 'editor', claims: { email: 'x'.repeat(3000) } }],
      ['an iat in the future', { role: 'editor', claims: { iat: soon() } }],
      ['an iat beyond all clocks', { role: 'editor', claims: { iat: 1e300 } }],
      ['a text for an iat', { role: 'editor', claims: { iat: 'now' } }],
      ['an nbf in the future', { role: 'editor', claims: { nbf: soon() } }],
    ])('rejects a token: %s', async (_what, claims) => {
      expect(await send(`Bearer ${await token(claims)}`)).toMatchObject({
        status: 401,
        code: 'UNAUTHENTICATED',
        wrote: false,
      });
    });

    it('rejects an unknown key, a missing signature and a shared secret', async () => {
      const by = await newKey('first');
      expect(await send(`Bearer ${await token({ role: 'editor', by })}`)).toMatchObject({
        status: 401,
      });
      const unsigned = new UnsecuredJWT({ role: 'editor' })
        .setSubject('ann')
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime('1h')
        .encode();
      expect(await send(`Bearer ${unsigned}`)).toMatchObject({ status: 401 });
      const shared = await new SignJWT({ role: 'editor' })
        .setProtectedHeader({ alg: 'HS256', kid: 'first' })
        .setSubject('ann')
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode('x'.repeat(32)));
      expect(await send(`Bearer ${shared}`)).toMatchObject({ status: 401 });
    });

    it('keys rotate: a new one is fetched when it first signs', async () => {
      // Five seconds after keys were fetched they may be fetched again.
      const now = Date.now;
      const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 6000);
      onTestFinished(() => clock.mockRestore());
      const before = fetched;
      keys = [await newKey('second')];
      expect(await send(`Bearer ${await token({ role: 'editor' })}`)).toMatchObject({
        wrote: true,
      });
      expect(fetched).toBe(before + 1);
    });
  });
});

describe('chancery keys', () => {
  it('makes a key, shows it once, lists and revokes it', async () => {
    const env = { CHANCERY_DATA_DIR: await sampleFolder() };
    const made = await run(
      ['keys', 'create', '--role', 'editor', '--name', 'Ann', '--days', '30'],
      env,
    );
    expect(made).toMatchObject({ code: 0 });
    const key = made.stdout.trim();
    expect(key).toMatch(/^chk_[\w-]{43}$/);
    const listed = await run(['keys', 'list'], env);
    expect(listed.stdout).toMatch(
      /^[0-9a-f-]{36} {2}editor {2}Ann {2}\(expires \d{4}-\d\d-\d\d, never used\)\n$/,
    );
    expect(listed.stdout).not.toContain(key.slice(4, 20));
    const id = listed.stdout.slice(0, 36);
    expect(await run(['keys', 'revoke', id], env)).toMatchObject({ code: 0 });
    expect((await run(['keys', 'list'], env)).stdout).toContain('revoked');
    expect(await run(['keys', 'revoke', id], env)).toMatchObject({
      code: 2,
      stderr: `chancery: there is no valid key ${id}; chancery keys list shows all keys\n`,
    });
    expect(await run(['keys', 'create', '--role', 'king', '--name', 'x'], env)).toMatchObject({
      code: 2,
    });
  });
});
