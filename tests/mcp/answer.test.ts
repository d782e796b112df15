import { expect, it } from 'vitest';
import { namedList } from '../../src/server/mcp/answer.js';

it('a list of entities says how many are left out', () => {
  const entities = Array.from({ length: 12 }, (_, i) => ({ slug: `s${i}`, name: `N${i}` }));
  expect(namedList(entities.slice(0, 2))).toEqual(['N0 (s0)', 'N1 (s1)']);
  expect(namedList(entities)).toHaveLength(11);
  expect(namedList(entities)?.at(-1)).toBe('and 2 more');
  expect(namedList([])).toBeUndefined();
});
