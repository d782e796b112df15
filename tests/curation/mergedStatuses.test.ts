import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { readRows, type Database } from '../../src/database/database.js';
import { curate } from '../../src/knowledge/curation/curate.js';
import type { Edit } from '../../src/knowledge/curation/edit.js';
import { audit } from '../../src/knowledge/history/audit.js';
import { describeOnEachDatabase } from '../support/databases.js';

const author = { identity: 'cli:test', actor: 'test', reason: null };

const made = (recordType: 'organizations' | 'articles' | 'offices', fields: object): Edit => ({
  kind: 'create',
  recordType,
  fields: { ...fields },
  isDraft: false,
});

const open = { status: 'OPEN', start: '2020' };
const passage = { article: 'news', exact: 'The embassy opened' };

/** The office whose status rests on the passage. */
const citing = async ({ db }: Database): Promise<string[]> =>
  (
    await readRows<{ slug: string }>(
      db,
      sql`select e.slug from reference r join office_status s on s.id = r.office_status_id
        join entity e on e.id = s.office_id where r.live`,
    )
  ).map(({ slug }) => slug);

describeOnEachDatabase('the passages of the statuses of an office that is merged', (database) => {
  it.each([
    ['go over with the statuses', undefined],
    ['go to the status that the office has already', [open]],
    ['are not doubled', [{ ...open, references: [passage] }]],
  ])('%s, and back with the merge', async (_, statuses) => {
    const knowledge = await database.open();
    const office = { kind: 'EMBASSY', organization: 'state' };
    const { outcomes } = await curate(
      knowledge,
      [
        made('organizations', { slug: 'state', name: 'State', kind: 'STATE' }),
        made('articles', { slug: 'news', title: 'News', body: 'The embassy opened in 2020.' }),
        made('offices', {
          ...office,
          slug: 'old',
          name: 'Old',
          statuses: [{ ...open, references: [passage] }],
        }),
        made('offices', { ...office, slug: 'new', name: 'New', ...(statuses && { statuses }) }),
      ],
      author,
    );
    expect(outcomes).toHaveLength(4);
    const before = await citing(knowledge);
    const target = (slug: string) => ({ recordType: 'offices', name: { slug } }) as const;
    const { changeId } = await curate(
      knowledge,
      [{ kind: 'merge', from: target('old'), into: target('new') }],
      author,
    );
    expect(await citing(knowledge)).toEqual(['new']);
    expect((await audit(knowledge)).discrepancies).toEqual([]);
    await curate(knowledge, [{ kind: 'undo', changeId }], author);
    expect((await citing(knowledge)).sort()).toEqual(before.sort());
    expect((await audit(knowledge)).discrepancies).toEqual([]);
  });
});
