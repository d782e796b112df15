/** Tombstones of a stream bring the keys of their hashes along, which everything is hashed with. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { hashOf, slugKey } from '../../../src/knowledge/model/erasureKeys.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase } from '../../support/knowledgeBase.js';
import { make } from '../../curation/support.js';
import { importAll } from './support.js';

const tombstone = (salt: string, slug: string) => ({
  type: 'Erasure',
  id: randomUUID(),
  recordId: randomUUID(),
  recordType: 'PERSON',
  reason: 'PERSONAL_DATA',
  changeId: randomUUID(),
  erasedAt: '2024-01-01T00:00:00Z',
  wasPublic: true,
  keys: [{ salt, hash: hashOf(salt, slugKey('entity', slug)) }],
});

describeOnEachDatabase('the salts of tombstones', ({ open }) => {
  it('are taken from some other knowledge bases, and not from any number', async () => {
    const database = await open();
    await make(knowledgeBase(database), 'Person', '{ slug: "here", name: "Here" }');
    const some = Array.from({ length: 40 }, (_, i) => tombstone(`salt-${i}`, `gone-${i}`));
    const { rejections, tombstones } = await importAll(database, [
      ...some,
      tombstone('salt-3', 'also-gone'),
      tombstone('salt-4', 'here'),
    ]);
    expect(tombstones).toBe(33);
    expect(rejections).toHaveLength(9);
    expect(rejections[0]).toMatch(/^33: keys: contain new salts, .* more than 32:/);
    expect(rejections.at(-1)).toMatch(/exists here as here: erase it with/);
    const again = await importAll(database, [tombstone('another', 'more')]);
    expect(again.rejections).toEqual([expect.stringMatching(/more than 32:/)]);
  });
});
