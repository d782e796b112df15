import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { settings } from '../../src/config.js';

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
