import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { served } from '../faults/support.js';
import { describeOnEachServer } from '../support/databases.js';
import { execute } from '../support/endpoint.js';

describeOnEachServer('the memory of a process', ({ newDatabase }) => {
  it('is about what docs/operations.md says, with an empty cache', async () => {
    const { origin } = await served(await newDatabase(), { CHANCERY_CACHE_MB: '0' });
    for (let i = 0; i < 50; i++) {
      const query = `{ organizations(first: ${1 + i}) { nodes { name offices { totalCount } } } }`;
      expect((await execute(origin, query)).status).toBe(200);
    }
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    const bytes = Number(/^process_resident_memory_bytes (\d+)/m.exec(metrics)?.[1]);
    const page = await readFile('docs/operations.md', 'utf8');
    const documented = Number(/A process takes about (\d+) MB/.exec(page)?.[1]);
    expect(bytes / 2 ** 20).toBeLessThan(1.3 * documented);
    expect(bytes / 2 ** 20).toBeGreaterThan(0.5 * documented);
  });
});
