import { afterAll, beforeAll, describe, it } from 'vitest';
describe('a', () => {
  beforeAll(() => { afterAll(() => console.log('HOOKED in beforeAll')); });
  it('x', () => { afterAll(() => console.log('HOOKED in test')); });
});
