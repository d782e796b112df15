import { describe, expect, it, onTestFinished, beforeEach, vi } from 'vitest';
import { createChancery } from '../../../src/chancery.js';
import { createApiKey, revokeApiKey } from '../../../src/knowledge/auth/apiKeys.js';
import { clientAt } from '../../../src/server/admission/clientAddress.js';
import { execute, servedEndpoint, type Reply } from '../../support/endpoint.js';
import { hosted } from '../../support/hosted.js';
import { inMemory } from '../../support/inMemory.js';

const small = '{ place(slug: "tokyo") { name } }';
const large = '{ organizations(first: 100) { nodes { offices(first: 10) { nodes { name } } } } }';

/** What the reply says is left. */
const left = ({ headers }: Reply): number =>
  Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);

let startedAt = 0;
beforeEach(() => void (startedAt = performance.now()));

/** Lets the server's clock, which is this process's, go on by some seconds until the test ends. */
function pass(seconds: number): void {
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + seconds * 1000);
  onTestFinished(() => clock.mockRestore());
}

/** Expects `least` points, and at most one more for each second of the test: points come back meanwhile. */
function expectLeft(actual: number, least: number): void {
  expect(actual).toBeGreaterThanOrEqual(least);
  expect(actual).toBeLessThanOrEqual(least + Math.ceil((performance.now() - startedAt) / 1000));
}

describe('the points of a client', () => {
  const endpoint = servedEndpoint({
    CHANCERY_RATE_LIMIT: '60',
    CHANCERY_TRUSTED_PROXIES: 'loopback',
  });
  const as = (address: string, query: string) =>
    endpoint.execute(query, {}, { 'x-forwarded-for': address });

  it('are sent with each response, in the headers of the RateLimit draft', async () => {
    const { headers } = await as('192.0.2.1', small);
    expect(headers.get('ratelimit-policy')).toBe('"points";q=60;w=60');
    expect(headers.get('ratelimit')).toBe('"points";r=59;t=1');
  });

  it('go by the cost of a query: one for each hundred objects, and one at least', async () => {
    expectLeft(left(await as('192.0.2.2', small)), 59);
    // 1 + 100 * (1 + 1 + 10) objects.
    expectLeft(left(await as('192.0.2.2', large)), 59 - 13);
    // A cached response costs the same: the cost does not reveal what is cached.
    expectLeft(left(await as('192.0.2.2', large)), 59 - 26);
  });

  it('are taken for what is wrong, too, since reading it is work', async () => {
    expectLeft(left(await as('192.0.2.3', '{')), 59);
    expectLeft(left(await as('192.0.2.3', '{ nonsense }')), 58);
    expectLeft(left(await endpoint.send('/entity/nato', from('192.0.2.3'))), 57);
    expectLeft(left(await endpoint.send('/nowhere', from('192.0.2.3'))), 56);
  });

  it('run out: 429, and when to come again; others have theirs', async () => {
    const replies = await Promise.all(Array.from({ length: 80 }, () => as('192.0.2.4', small)));
    const rejected = replies.filter(({ status }) => status === 429);
    expect(rejected.length).toBeGreaterThan(10);
    expect(rejected.length).toBeLessThanOrEqual(20);
    for (const reply of rejected) {
      expect(reply.code).toBe('RATE_LIMITED');
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(reply.body).not.toHaveProperty('data');
    }
    expect((await as('192.0.2.5', small)).status).toBe(200);
    for (const free of ['/health', '/ready']) {
      expect((await endpoint.send(free, from('192.0.2.4'))).status).toBe(200);
    }
  });

  it('run out for a large query first, by POST and GET, and come back in time', async () => {
    for (let i = 0; i < 4; i++) expect((await as('192.0.2.6', large)).status).toBe(200);
    let rejected = await as('192.0.2.6', large);
    // Points come back meanwhile, more of them on a slow machine.
    while (rejected.status === 200) rejected = await as('192.0.2.6', large);
    expect(rejected).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(rejected.message).toMatch(/^This needs 13 of the 60 points .* enough in \d+ s\.$/);
    const url = `/graphql?query=${encodeURIComponent(large)}`;
    expect((await endpoint.send(url, from('192.0.2.6'))).status).toBe(429);
    expect((await as('192.0.2.6', small)).status).toBe(200);
    const seconds = Number(rejected.headers.get('retry-after'));
    expect(seconds).toBeLessThan(13);
    pass(seconds + 3);
    expect((await as('192.0.2.6', large)).status).toBe(200);
  });

  it('delay the rejection for a client that retries at once despite Retry-After', async () => {
    const pending = Array.from({ length: 120 }, () => as('192.0.2.9', small));
    const rejected = (await Promise.all(pending)).filter(({ status }) => status === 429);
    expect(rejected.length).toBeGreaterThan(50);
    expect(Math.max(...rejected.map(({ milliseconds }) => milliseconds))).toBeGreaterThan(900);
    for (const { headers } of rejected) expect(headers.get('x-request-id')).toBeTruthy();
    expect((await as('192.0.2.10', small)).status).toBe(200);
  });

  it('can be selected along with the data', async () => {
    const query = `{ rateLimit { cost limit remaining resetAt } organizations(first: 100) { nodes {
      offices(first: 10) { nodes { name } } } } }`;
    const sentAt = Date.now();
    const { body } = await as('192.0.2.7', query);
    expect(body.data?.['rateLimit']).toMatchObject({ cost: 13, limit: 60, remaining: 47 });
    const { resetAt } = body.data?.['rateLimit'] as { resetAt: string };
    // Thirteen come back in thirteen seconds.
    expect(Date.parse(resetAt) - sentAt).toBeGreaterThan(12_000);
    expect(Date.parse(resetAt) - Date.now()).toBeLessThanOrEqual(13_000);
    const again = await as('192.0.2.7', query);
    const { remaining } = again.body.data?.['rateLimit'] as { remaining: number };
    expectLeft(remaining, 34);
  });

  it('are those of a whole network with IPv6', async () => {
    expectLeft(left(await as('2001:db8:1:2::1', large)), 47);
    expectLeft(left(await as('2001:db8:1:2:3:4:5:6', large)), 34);
    expectLeft(left(await as('2001:db8:1:3::1', large)), 47);
  });

  it('are those of the last address that a trusted proxy was reached from', async () => {
    const query = '{ rateLimit { remaining } }';
    const first = await as('192.0.2.8', query);
    expect(first.body.data).toEqual({ rateLimit: { remaining: 59 } });
    // What the client itself wrote there comes before the address that the proxy added.
    const forged = await as('198.51.100.1, 192.0.2.8', query);
    expect(forged.body.data).toEqual({ rateLimit: { remaining: 58 } });
  });
});

describe('without trusted proxies', () => {
  const endpoint = servedEndpoint({ CHANCERY_RATE_LIMIT: '60' });

  it('do not increase with X-Forwarded-For', async () => {
    const replies = [];
    for (let i = 0; i < 70; i++) {
      replies.push(await endpoint.execute(small, {}, { 'x-forwarded-for': `192.0.2.${i}` }));
    }
    expect(replies.some(({ status }) => status === 429)).toBe(true);
  });
});

describe('with CHANCERY_RATE_LIMIT=0', () => {
  const endpoint = servedEndpoint({ CHANCERY_RATE_LIMIT: '0' });

  it('counts no points', async () => {
    const { headers, body } = await endpoint.execute('{ rateLimit { limit } }');
    expect(headers.get('ratelimit')).toBeNull();
    expect(body).toEqual({ data: { rateLimit: null } });
  });
});

describe('an app that embeds Chancery', () => {
  const server = hosted();

  it('counts no points unless it does so itself', async () => {
    const query = encodeURIComponent('{ rateLimit { limit } }');
    const request = new Request(`http://test/graphql?query=${query}`);
    const response = await server.chancery.fetch(request);
    expect(response.headers.get('ratelimit')).toBeNull();
    expect(await response.json()).toEqual({ data: { rateLimit: null } });
  });

  it('has the limits on a query all the same, as it sets them', async () => {
    const chancery = await createChancery({
      database: await inMemory(),
      limits: { aliases: 1, depth: 3 },
    });
    for (const query of ['{ a: __typename b: __typename }', '{ a { b { c { d } } } }']) {
      const request = new Request(`http://test/graphql?query=${encodeURIComponent(query)}`);
      const response = await chancery.fetch(request);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('QUERY_TOO_COMPLEX');
    }
    await chancery.close();
  });
});

describe('clients that are identified by something else', () => {
  const server = hosted({
    pointsPerMinute: 60,
    clientOf: ({ headers, ip }) => headers.authorization ?? ip,
  });

  it('have points of their own', async () => {
    const as = (key: string) => execute(server.origin, large, {}, { authorization: key });
    expectLeft(left(await as('Bearer a')), 59);
    expectLeft(left(await as('Bearer a')), 58);
    expectLeft(left(await as('Bearer b')), 59);
  });
});

describe('who shows a key', () => {
  const server = hosted({ pointsPerMinute: 60, trustedProxies: ['loopback'] });
  const newKey = (name: string) => createApiKey(server.chancery.database, { name, role: 'READER' });
  const as = (address: string, key?: string, query = small) =>
    execute(
      server.origin,
      query,
      {},
      {
        'x-forwarded-for': address,
        ...(key && { authorization: `Bearer ${key}` }),
      },
    );

  it('has points of its own, at any address, and spends none of the address', async () => {
    const { key } = await newKey('ann');
    const query = '{ rateLimit { remaining } }';
    for (const [i, address] of ['192.0.2.1', '192.0.2.1', '192.0.2.2'].entries()) {
      const reply = await as(address, key, query);
      expectLeft(left(reply), 59 - i);
      const { remaining } = reply.body.data?.['rateLimit'] as { remaining: number };
      expectLeft(remaining, 59 - i);
    }
    expectLeft(left(await as('192.0.2.1')), 59);
  });

  it('does not share them with another of the same name', async () => {
    const [first, second] = [await newKey('bob'), await newKey('bob')];
    expectLeft(left(await as('192.0.2.3', first.key, large)), 47);
    expectLeft(left(await as('192.0.2.3', second.key, large)), 47);
  });

  it('is answered where the address has no points left, once the key is known', async () => {
    const { key } = await newKey('eve');
    expect((await as('192.0.2.4', key)).status).toBe(200);
    for (let i = 0; i < 70; i++) await as('192.0.2.4');
    expect((await as('192.0.2.4')).status).toBe(429);
    expect((await as('192.0.2.4', key)).status).toBe(200);
  });

  it('gets no more of them with keys that are made up', async () => {
    const statuses = [];
    for (let i = 0; i < 70; i++) {
      statuses.push((await as('192.0.2.5', `chk_${String(i).padStart(43, 'x')}`)).status);
    }
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(65);
    expect((await as('192.0.2.5')).status).toBe(429);
  });

  it('is the address again when the key is revoked', async () => {
    const { key, id } = await newKey('old');
    expectLeft(left(await as('192.0.2.6', key, large)), 47);
    await revokeApiKey(server.chancery.database, id);
    expect(await as('192.0.2.6', key)).toMatchObject({ status: 401 });
    expectLeft(left(await as('192.0.2.6', key)), 58);
    expectLeft(left(await as('192.0.2.6')), 57);
  });

  it('runs out of them as others do', async () => {
    const { key } = await newKey('max');
    for (let i = 0; i < 4; i++) expect((await as('192.0.2.7', key, large)).status).toBe(200);
    const rejected = await as('192.0.2.8', key, large);
    expect(rejected).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(Number(rejected.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s is the client %s', (address, client) => {
    expect(clientAt(address)).toBe(client);
  });
});

const from = (address: string): RequestInit => ({ headers: { 'x-forwarded-for': address } });
