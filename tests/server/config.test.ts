import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readConfig, settings } from '../../src/config.js';
import { limitSettings } from '../../src/config/limits.js';

describe('.env.example', () => {
  it('explains every setting as the code has it, with its default', async () => {
    const expected = Object.entries(settings)
      .map(
        ([name, { description, expected, default: byDefault }]) =>
          `# ${description}\n# Must be ${expected}.\n#${name}=${byDefault}\n`,
      )
      .join('\n');
    expect(await readFile('.env.example', 'utf8')).toBe(expected);
  });
});

describe('limits that are set', () => {
  it('are those that the server is given', () => {
    const numbers = Object.keys(limitSettings).filter((name) =>
      /^\d+$/.test(settings[name as keyof typeof settings].default),
    );
    // Each another number that is allowed.
    const least: Record<string, number> = { CHANCERY_MAX_COST: 5000, CHANCERY_MAX_DEPTH: 30 };
    const given = Object.fromEntries(numbers.map((name, i) => [name, least[name] ?? 300 + i]));
    const env = Object.entries(given).map(([name, value]) => [name, String(value)]);
    const { limits, pointsPerMinute, receiveSeconds } = readConfig(
      Object.fromEntries(env) as Record<string, string>,
    );
    const expected: Record<string, unknown> = {
      CHANCERY_MAX_COST: limits.cost,
      CHANCERY_MAX_QUERY_KB: limits.queryBytes / 1024,
      CHANCERY_MAX_TOKENS: limits.tokens,
      CHANCERY_MAX_DEPTH: limits.depth,
      CHANCERY_MAX_ROOT_FIELDS: limits.rootFields,
      CHANCERY_MAX_ALIASES: limits.aliases,
      CHANCERY_MAX_DIRECTIVES: limits.directives,
      CHANCERY_MAX_FRAGMENTS: limits.fragments,
      CHANCERY_MAX_VALUES: limits.values,
      CHANCERY_RATE_LIMIT: pointsPerMinute,
      CHANCERY_MAX_RUNNING: limits.running,
      CHANCERY_MAX_WAITING: limits.waiting,
      CHANCERY_LARGE_COST: limits.largeCost,
      CHANCERY_MAX_LARGE_RUNNING: limits.largeRunning,
      CHANCERY_MAX_LARGE_WAITING: limits.largeWaiting,
      CHANCERY_MAX_RESPONSE_MB: limits.responseBytes / 1024 ** 2,
      CHANCERY_RESPONSE_BUDGET_MB: limits.responseBudgetBytes / 1024 ** 2,
      CHANCERY_MAX_STREAMS: limits.streams,
      CHANCERY_MAX_CLIENT_STREAMS: limits.clientStreams,
      CHANCERY_MAX_WAIT_MS: Math.round(limits.waitSeconds * 1000),
      CHANCERY_REQUEST_SECONDS: limits.seconds,
      CHANCERY_RECEIVE_SECONDS: receiveSeconds,
      CHANCERY_SLOW_STREAM_SECONDS: limits.slowSeconds,
    };
    expect(given).toEqual(expected);
  });
});
