import { describe, expect, it } from 'vitest';
import { unknownSettings } from '../../src/config/unknown.js';
import { run } from '../support/command.js';
import { temporaryFolder } from '../support/temporary.js';

describe('a variable that looks like a setting and is none', () => {
  it.each([
    ['CHANCERY_SAMPL', 'CHANCERY_SAMPLE'],
    ['CHANCERY_DATADIR', 'CHANCERY_DATA_DIR'],
    ['CHANCERY_MAX_COSTS', 'CHANCERY_MAX_COST'],
    ['chancery_sample', 'CHANCERY_SAMPLE'],
    ['DATABASE_URI', 'DATABASE_URL'],
  ])('is reported with the most similar name: %s', (name, near) => {
    expect(unknownSettings({ [name]: 'off', CHANCERY_SAMPLE: 'off', PATH: '/bin' })).toEqual([
      `${name} is not a setting (did you mean "${near}"?): it has no effect`,
    ]);
  });

  it('is reported without one if none is similar', () => {
    expect(unknownSettings({ CHANCERY_ZZZZZZ: '', constructor: '' })).toEqual([
      'CHANCERY_ZZZZZZ is not a setting: it has no effect',
    ]);
  });

  it('is reported by every command, which runs nevertheless', async () => {
    const env = { CHANCERY_DATA_DIR: await temporaryFolder(), CHANCERY_SAMPL: 'off' };
    expect(await run(['migrate'], env)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^chancery: CHANCERY_SAMPL is not a setting \(did you mean "CHANCERY_SAMPLE"\?\): it has no effect\n/,
      ) as unknown,
    });
  });
});
