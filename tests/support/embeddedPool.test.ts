import type { PGlite } from '@electric-sql/pglite';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.js';
import { importDossier } from '../../src/knowledge/exchange/dossier/import.js';
import { takeEmbedded } from './embeddedPool.js';

/** Each table's rows, and where each sequence is. */
async function contentOf(client: PGlite): Promise<Record<string, unknown>> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind = 'r' and oid >= 16384`,
  );
  const content: Record<string, unknown> = {};
  for (const { name } of tables) {
    const { rows } = await client.query(`select * from ${name} as row order by row::text`);
    content[name] = rows;
  }
  const { rows } = await client.query('select sequencename, last_value from pg_sequences');
  return { ...content, sequences: rows };
}

it.each(['empty', 'sample'] as const)(
  'a database that is taken again is as it was: %s',
  async (filling) => {
    const first = await takeEmbedded(filling);
    const content = await contentOf(first);
    const database = await openDatabase({ inMemory: true, client: first });
    const text = 'organizations: [{ slug: nato, name: Not NATO, kind: OTHER }]';
    await importDossier(database, { name: 'test.yaml', text });
    expect(await contentOf(first)).not.toEqual(content);
    await first.exec('begin');
    await database.close();
    await expect(first.query('select 1')).rejects.toThrow('closed');
    const second = await takeEmbedded(filling);
    expect(await contentOf(second)).toEqual(content);
    await second.close();
  },
);

it('a database whose tables were changed is not taken again', async () => {
  const first = await takeEmbedded('empty');
  await first.exec('alter table entity add column another int');
  await first.close();
  const second = await takeEmbedded('empty');
  await expect(second.query('select another from entity')).rejects.toThrow('does not exist');
  await second.close();
});
