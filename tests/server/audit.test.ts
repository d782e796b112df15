import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { servedEndpoint } from '../support/endpoint.js';

describe('GraphQL over HTTP, as its audits have it', () => {
  const endpoint = servedEndpoint();

  // Each audit is given the address only when it runs, which is after the server has started.
  const audits = serverAudits({
    url: () => `${endpoint.origin}/graphql`,
    fetchFn: fetch,
  });

  it('has 61 of them', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? undefined : result.reason).toBeUndefined();
  });
});
