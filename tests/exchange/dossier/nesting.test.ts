import { describe, expect, it } from 'vitest';
import { parseSource } from '../../../src/knowledge/exchange/dossier/parse.js';

/** The first problem of a text, with its place. */
function problemOf(text: string): string | undefined {
  const { issues, data } = parseSource({ name: 'a.yaml', text });
  const [issue] = issues;
  expect(data === undefined).toBe(issue !== undefined);
  return issue && `${issue.line}:${issue.column}: ${issue.message}`;
}

describe('a dossier whose values are nested too deeply', () => {
  it.each([
    ['lists', '[', ']'],
    ['mappings', '{"a":', '}'],
    ['both, never closed', '{"a":[', ''],
  ])('is reported with line and column: %s', (_, open, close) => {
    const text = `{\n  "a": ${open.repeat(200_000)}1${close.repeat(200_000)}\n}`;
    expect(problemOf(text)).toMatch(/^2:\d+: nested too deeply for a dossier$/);
  });

  it('may hold as many brackets as it likes in its texts', () => {
    const text = `a: "${'[{'.repeat(500)}"\nb: |\n  ${'[ { '.repeat(500)}\nc: [[[[1]]]] # ${'['.repeat(500)}`;
    expect(problemOf(text)).toBeUndefined();
  });
});

describe('a dossier whose aliases blow up', () => {
  it('is reported with line and column', () => {
    const names = Array.from('abcdefgh');
    const lines = names.map((name, i) => {
      const items = Array.from({ length: 10 }, () => (i === 0 ? 'x' : `*${names[i - 1]}`));
      return `${name}: &${name} [${items.join(', ')}]`;
    });
    expect(problemOf(lines.join('\n'))).toMatch(
      /^2:\d+: Excessive alias count .* replace the aliases by their values$/,
    );
  });

  it('may use them otherwise', () => {
    expect(problemOf('a: &a [1, 2]\nb: *a\nc: *a')).toBeUndefined();
  });
});
