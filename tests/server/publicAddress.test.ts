import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { servedEndpoint, type Endpoint } from '../support/endpoint.js';

const evil = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'javascript' };

const baseOf = async (endpoint: Endpoint, headers: Record<string, string>) => {
  const { body } = await endpoint.send('/entity/nato', { headers });
  const { '@context': context } = body as unknown as { '@context': { '@base': string } };
  return context['@base'];
};

describe('the address in linked data, behind a trusted proxy', () => {
  const endpoint = servedEndpoint({ CHANCERY_TRUSTED_PROXIES: 'loopback' });

  it('is the host that the request names, whatever headers of proxies say', async () => {
    expect(await baseOf(endpoint, evil)).toMatch(/^http:\/\/localhost:\d+\/$/);
    expect(await baseOf(endpoint, { 'x-forwarded-proto': 'https' })).toMatch(
      /^https:\/\/localhost:\d+\/$/,
    );
  });
});

describe('the address in linked data, with CHANCERY_PUBLIC_URL', () => {
  const url = 'https://knowledge.example/base/';
  const endpoint = servedEndpoint({
    CHANCERY_PUBLIC_URL: url,
    CHANCERY_TRUSTED_PROXIES: 'loopback',
  });

  it('is that one', async () => {
    expect(await baseOf(endpoint, {})).toBe(url);
    expect(await baseOf(endpoint, evil)).toBe(url);
  });

  it.each([
    ['a record', '/entity/nobody'],
    ['an article', '/article/nothing'],
    ['an operation', `/graphql?documentId=sha256:nothing`],
  ])('%s that is not there is no-cache', async (_what, path) => {
    const headers = { accept: 'application/graphql-response+json, application/ld+json' };
    const reply = await endpoint.send(path, { headers });
    expect(reply.status).toBe(404);
    expect(reply.headers.get('cache-control')).toContain('no-cache');
  });
});

it.each([
  'javascript:alert(1)/',
  'ftp://a.example/',
  'https://a.example',
  'a.example/',
  'https://a.example/?q=/',
])('CHANCERY_PUBLIC_URL=%s is rejected', (url) => {
  expect(() => readConfig({ CHANCERY_PUBLIC_URL: url })).toThrow(
    /CHANCERY_PUBLIC_URL must be an http or https address that ends in \//,
  );
});
