/** What is counted over minutes, or of thousands of clients, by a clock that is set. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSchema } from '../../../src/graph/schema.js';
import { Admission } from '../../../src/server/admission/admission.js';
import { defaultLimits } from '../../../src/server/admission/limits.js';
import { RateLimiter } from '../../../src/server/admission/rateLimiter.js';
import { overloaded } from '../../../src/server/errors/rejection.js';
import { RejectionWriter } from '../../../src/server/admission/rejectionWriter.js';

const reply = () => new ServerResponse(new IncomingMessage(new Socket()));

describe('points', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  /** How many requests of a point each a client may make now. */
  const spend = (rates: RateLimiter, client: string): number => {
    let count = 0;
    while (!rates.open(client, reply()).take(1)) count++;
    return count;
  };

  it('come back at an even pace, and are a minute’s at most', () => {
    const rates = new RateLimiter(120);
    expect(spend(rates, 'a')).toBe(120);
    for (const [milliseconds, points] of [
      [500, 1],
      [10_000, 20],
      [30_000, 60],
      [60_000, 120],
      [3_600_000, 120],
    ] as const) {
      vi.advanceTimersByTime(milliseconds);
      expect(spend(rates, 'a')).toBe(points);
    }
  });

  it('are there when Retry-After says so, and not a second before', () => {
    const rates = new RateLimiter(60);
    spend(rates, 'a');
    const rejection = rates.open('a', reply()).charge(2000);
    const { headers } = rejection?.extensions['http'] as { headers: Record<string, string> };
    const seconds = Number(headers['Retry-After']);
    expect(seconds).toBe(20);
    vi.advanceTimersByTime((seconds - 1) * 1000);
    expect(rates.open('a', reply()).charge(2000)).toBeDefined();
    vi.advanceTimersByTime(1000);
    expect(rates.open('a', reply()).charge(2000)).toBeUndefined();
  });

  it('are enough then for all that a request takes, at the door and for its query', () => {
    const rates = new RateLimiter(60);
    const attempt = () => {
      const meter = rates.open('a', reply());
      return meter.take(1) ?? meter.charge(2000);
    };
    spend(rates, 'a');
    vi.advanceTimersByTime(5000);
    const { cost, retryAfter } = attempt()?.extensions as { cost: number; retryAfter: number };
    expect({ cost, retryAfter }).toEqual({ cost: 20, retryAfter: 16 });
    vi.advanceTimersByTime(retryAfter * 1000);
    expect(attempt()).toBeUndefined();
  });

  it('are those of the authenticated client, and the address gets its own back', () => {
    const rates = new RateLimiter(60);
    for (const identity of [
      { id: 'key 1', name: 'Ann', role: 'READER' },
      { id: 'token 1', name: 'Ann', role: 'EDITOR' },
    ] as const) {
      const meter = rates.open('address', reply(), identity.id);
      expect(meter.take(1)).toBeUndefined();
      expect(meter.client).toBe('address');
      expect(meter.identified(identity)).toBeUndefined();
      expect(meter.client).toBe(identity.id);
      expect(meter.state).toMatchObject({ cost: 1, remaining: 59 });
      expect(rates.open('address', reply()).state.remaining).toBe(60);
    }
  });

  it('are remembered of 50,000 clients', () => {
    const rates = new RateLimiter(60);
    spend(rates, 'first');
    for (let i = 1; i < 50_000; i++) rates.open(`client ${i}`, reply());
    expect(spend(rates, 'first')).toBe(0);
    for (let i = 0; i < 50_000; i++) rates.open(`other ${i}`, reply());
    expect(spend(rates, 'first')).toBe(60);
  });
});

describe('a key that was found genuine', () => {
  it('is counted by itself for ten minutes', async () => {
    let now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    const clientOf = (key: string) => rates.open('address', reply(), key).client;
    const pass = (milliseconds: number) => {
      now += milliseconds;
      // What the time is, is remembered for a millisecond.
      return sleep(10);
    };
    const rates = new RateLimiter(60);
    rates.learn('key', 'ann');
    await pass(599_000);
    expect([clientOf('key'), clientOf('other')]).toEqual(['ann', 'address']);
    await pass(2000);
    expect(clientOf('key')).toBe('address');
    clock.mockRestore();
  });
});

describe('a client that retries again and again', () => {
  it('waits for the rejection with up to a thousand others; further ones are rejected at once', () => {
    vi.useFakeTimers();
    const rejectionWriter = new RejectionWriter();
    const rates = new RateLimiter(1);
    const attempt = () => {
      const response = reply();
      const meter = rates.open('a', response);
      const error = meter.take(1);
      if (error) rejectionWriter.reject(response, error, { meter });
      return response;
    };
    // The one that has a point, and twenty that may come too early.
    attempt();
    const patient = Array.from({ length: 21 }, attempt);
    expect(patient.every(({ writableEnded }) => writableEnded)).toBe(true);
    const held = Array.from({ length: 1000 }, attempt);
    expect(held.some(({ writableEnded }) => writableEnded)).toBe(false);
    expect(attempt().writableEnded).toBe(true);
    vi.advanceTimersByTime(999);
    expect(held.some(({ writableEnded }) => writableEnded)).toBe(false);
    vi.advanceTimersByTime(1);
    expect(held.every(({ writableEnded }) => writableEnded)).toBe(true);
    vi.useRealTimers();
  });

  it('does not delay the rejection of others', () => {
    const response = reply();
    new RejectionWriter().reject(response, overloaded());
    expect(response.writableEnded).toBe(true);
  });
});

describe('the points of a text', () => {
  it('are charged for its text when it is new, beside those of its execution', () => {
    const rates = new RateLimiter(1000);
    const response = { setHeader: () => {} } as unknown as ServerResponse;
    const attempt = (query: string) => {
      const meter = rates.open('a', response);
      meter.take(1);
      const rejection = admission.rejectText(query, meter) ?? admission.rejectCost(250, meter);
      return rejection ? rejection.extensions['code'] : meter.state.cost;
    };
    const admission = new Admission(createSchema(), defaultLimits);
    const long = `{ organization(slug: "nato") { ${'name '.repeat(990)} } }`;
    expect(attempt('{ __typename }')).toBe(3);
    expect(attempt(long)).toBe(13);
    expect(attempt(long)).toBe(3);
    const spent = Array.from({ length: 200 }, (_, i) => attempt(`${long} #${i}`));
    expect(new Set(spent)).toEqual(new Set([13, 'RATE_LIMITED']));
    // Who has none left does not have texts read.
    expect(admission.documents.knows(`${long} #199`)).toBe(false);
  });

  it('are charged each time where its introspection is too large, which has to be counted', () => {
    const rates = new RateLimiter(1000);
    const response = { setHeader: () => {} } as unknown as ServerResponse;
    const admission = new Admission(createSchema(), defaultLimits);
    const deep = `name ${'fields { type { '.repeat(7)} name ${'} }'.repeat(7)}`;
    const query = `query ($n: String!) { ${Array.from({ length: 20 }, (_, i) => `a${i}: __type(name: $n) { ${deep} }`).join(' ')} }`;
    const attempt = () => {
      const meter = rates.open('a', response);
      meter.take(1);
      const rejection =
        admission.rejectText(query, meter) ??
        admission.admit({ query, variables: { n: 'Query' } }, meter);
      return [(rejection as GraphQLError).extensions['code'], meter.state.cost];
    };
    const [first, again] = [attempt(), attempt()];
    expect(first).toEqual(['QUERY_TOO_COMPLEX', expect.any(Number)]);
    expect(first[1]).toBeGreaterThan(50);
    expect(again).toEqual(first);
  });
});
