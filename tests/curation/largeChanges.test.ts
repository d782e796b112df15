/** What a merge can make, an undo takes back, however many records that are. */
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { audit } from '../../src/knowledge/history/audit.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { mutationOf, make, mutate } from './support.js';

const posts = 1200;

describeOnEachDatabase('a merge of more than a thousand records', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  const statements: string[] = [];
  beforeAll(async () => {
    database = await open({ onStatement: (statement) => void statements.push(statement) });
    base = knowledgeBase(database);
    const each = Array.from(
      { length: posts },
      (_, i) => `  - { person: clerk, organization: old, title: Post ${i}, kind: OTHER }`,
    );
    await base.importDossier(`
organizations:
  - { slug: old, name: Old Ministry, kind: GOVERNMENT }
  - { slug: new, name: New Ministry, kind: GOVERNMENT }
people:
  - { slug: clerk, name: A Clerk }
positions:
${each.join('\n')}
`);
  });
  const held = async (slug: string) => {
    const { data, errors } = await base.execute(
      `{ organization(slug: "${slug}") { slug positions { totalCount } } }`,
    );
    expect(errors).toBeUndefined();
    return data?.['organization'];
  };

  it('is undone, and made again, in steps of many records', async () => {
    const { data } = await base.execute(
      '{ from: organization(slug: "old") { id } into: organization(slug: "new") { id } }',
    );
    const { from, into } = data as Record<'from' | 'into', { id: string }>;
    const before = statements.length;
    const merged = await mutate(
      base,
      mutationOf(`merge(from: "${from.id}", into: "${into.id}")`, 'MergePayload { changeId }'),
    );
    expect(merged.__typename).toBe('MergePayload');
    expect(await held('old')).toEqual({ slug: 'new', positions: { totalCount: posts } });
    let last = String(merged.changeId);
    for (const slug of ['old', 'new']) {
      const undone = await mutate(
        base,
        mutationOf(`undo(changeId: "${last}")`, 'UndoPayload { changeId }'),
      );
      expect(undone, JSON.stringify(undone)).toMatchObject({ __typename: 'UndoPayload' });
      last = String(undone.changeId);
      expect(await held('old')).toEqual({ slug, positions: { totalCount: posts } });
    }
    // Some for every step, none for every record.
    expect(statements.length - before).toBeLessThan(posts);
    expect((await audit(database)).discrepancies).toEqual([]);
  });
});

describeOnEachDatabase('a slug for one of many of the same name', ({ open }) => {
  it('is found in a few statements, also where many of them were erased', async () => {
    const statements: string[] = [];
    const database = await open({ onStatement: (statement) => void statements.push(statement) });
    const base = knowledgeBase(database);
    const made = async () => {
      const before = statements.length;
      const { id, slug } = await make(base, 'Person', '{ name: "Éva Nagy" }');
      return { id, slug, statements: statements.length - before };
    };
    const first = await made();
    const all = [first];
    for (let i = 2; i <= 20; i++) all.push(await made());
    expect(all.map(({ slug }) => slug).slice(-1)).toEqual(['eva-nagy-20']);
    for (const { id } of all.slice(5)) {
      const { data } = await base.executeAs(
        'ADMIN',
        `mutation { erase(id: "${id}", reason: ERROR) { __typename } }`,
      );
      expect(data).toEqual({ erase: { __typename: 'ErasurePayload' } });
    }
    const next = await made();
    expect(next.slug).toBe('eva-nagy-21');
    expect(next.statements).toBeLessThan(first.statements + 15);
  });
});
