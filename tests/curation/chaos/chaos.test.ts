/** Whatever is acknowledged is done, once and whole, though the server is killed time and again. */
import { describe, expect, it } from 'vitest';
import { openDatabase, type DatabaseLocation } from '../../../src/database/open.js';
import { run } from '../../support/command.js';
import { describeOnEachServer } from '../../support/databases.js';
import { temporaryFolder } from '../../support/temporary.js';
import { work, type Work } from './editors.js';
import { findings } from './findings.js';

describeOnEachServer(
  'random edits by 16 clients, five kills among them',
  ({ engine, newDatabase }) => {
    it('no acknowledged edit is lost, done twice or half done', async () => {
      const url = await newDatabase();
      const edits = engine === 'PostgreSQL 18' ? 1000 : 200;
      await editAndCheck({ DATABASE_URL: url }, { url }, { edits, kills: 5, clients: 16 });
    });
  },
);

describe('random edits of the embedded database, two kills among them', () => {
  it('no acknowledged edit is lost, done twice or half done', async () => {
    const dataDir = await temporaryFolder();
    await editAndCheck(
      { CHANCERY_DATA_DIR: dataDir },
      { dataDir },
      { edits: 100, kills: 2, clients: 8 },
    );
  });
});

// Private:

async function editAndCheck(
  location: Record<string, string>,
  where: DatabaseLocation,
  amount: Pick<Work, 'edits' | 'kills' | 'clients'>,
): Promise<void> {
  const env = {
    ...location,
    CHANCERY_SAMPLE: 'off',
    CHANCERY_RATE_LIMIT: '0',
    CHANCERY_REQUEST_SECONDS: '60',
  };
  const made = await run(['keys', 'create', '--role', 'editor', '--name', 'Chaos'], env);
  const key = made.stdout.trim();
  const { acknowledged, retries } = await work({ env, key, seed: 20230503, ...amount });
  expect(acknowledged.length).toBeGreaterThanOrEqual(amount.edits);
  // Each kill interrupted at least one pending request.
  expect(retries).toBeGreaterThanOrEqual(amount.kills);
  const kinds = new Set(acknowledged.map(({ result }) => result.__typename));
  expect([...kinds]).toEqual(
    expect.arrayContaining(['PersonPayload', 'RecordPayload', 'BatchPayload', 'ValidationError']),
  );
  const database = await openDatabase(where);
  try {
    expect(await findings(database, acknowledged)).toEqual([]);
  } finally {
    await database.close();
  }
  expect(await run(['audit'], env)).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('all agree') as unknown,
  });
}
