import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { readRows, type Database } from '../../src/database/database.js';
import { curate } from '../../src/knowledge/curation/curate.js';
import { fillWithSample } from '../../src/knowledge/exchange/dossier/sample.js';
import { erasablePlaces, type ErasablePlace } from '../../src/knowledge/erasure/places.js';
import { audit } from '../../src/knowledge/history/audit.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { columnsWith } from './world.js';
import type { RecordType } from '../../src/knowledge/model/recordTypes.js';

/** Any record of a recordType that is there yet. */
async function anyOf(
  { db }: Database,
  recordType: RecordType,
): Promise<{ id: string } | undefined> {
  const tables: Record<RecordType, string> = {
    places: 'place',
    organizations: 'organization',
    people: 'person',
    offices: 'office',
    articles: 'article',
    events: 'event',
    positions: '"position"',
    memberships: 'membership',
    statements: 'statement',
  };
  const [row] = await readRows<{ id: string }>(
    db,
    sql`select id from ${sql.raw(tables[recordType])} order by id offset 1 limit 1`,
  );
  return row;
}

describeOnEachDatabase('erasing records of every recordType from the sample', ({ open }) => {
  it('takes the key out of every table but the tombstones, and the audit agrees after each', async () => {
    const database = await open();
    await fillWithSample(database);
    const types: RecordType[] = [
      'statements',
      'memberships',
      'positions',
      'events',
      'offices',
      'people',
      'places',
      'organizations',
      'articles',
    ];
    let erased = 0;
    for (const [i, recordType] of types.entries()) {
      const record = await anyOf(database, recordType);
      if (!record) continue;
      const also: readonly ErasablePlace[] = i % 2 === 0 ? erasablePlaces : [];
      const target = { recordType, name: { id: record.id } };
      const edit = { kind: 'erase', target, reason: 'ERROR', also, words: [] } as const;
      await curate(database, [edit], { identity: 'app:test', actor: 'test', reason: null });
      const columns = await columnsWith(database, record.id);
      expect(columns, recordType).toEqual(['public.erasure.record_id']);
      expect((await audit(database)).discrepancies, recordType).toEqual([]);
      erased++;
    }
    expect(erased).toBeGreaterThanOrEqual(7);
  });
});
