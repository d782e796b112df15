import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { audit } from '../../src/knowledge/history/audit.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { columnsWith, fill, marker, otherWords, type World } from './world.js';

const all = '[STATEMENTS, PASSAGES, BODIES, TEXTS, REVISIONS]';

describeOnEachDatabase('an erased person, with everything that mentions them', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  let world: World;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    world = await fill(base);
  });

  it('is in all kinds of columns before, and in none afterwards', async () => {
    const before = await columnsWith(database, marker);
    expect(before).toEqual(
      expect.arrayContaining([
        'public.entity.name',
        'public.entity.slug',
        'public.entity_identifier.value',
        'public.search_name.name',
        'public.search_document.words',
        'public.article_body.text',
        'public.reference.exact',
        'public.statement.text',
        'public.revision.changes',
        'public.revision.reason',
        'history.entity.description',
        'history.entity_name.name',
        'history.article_body.text',
        'history.position.title',
      ]),
    );
    const { data, errors } = await base.executeAs(
      'ADMIN',
      `mutation ($words: [String!]) {
        erase(id: "${world.person}", reason: PERSONAL_DATA, also: ${all}, words: $words) {
          __typename ... on MutationError { message } ... on ErasurePayload { records { recordType count } left { kind count } places { field } } } }`,
      { words: otherWords },
    );
    expect(errors).toBeUndefined();
    expect(data?.['erase']).toMatchObject({ __typename: 'ErasurePayload' });
    // The draft is another person, whose slug only erasing that record removes.
    expect((data?.['erase'] as { left: unknown }).left).toContainEqual({ kind: 'SLUGS', count: 2 });
    const left = await columnsWith(database, marker);
    expect(left.filter((column) => !column.endsWith('.slug'))).toEqual([
      'public.revision.changes',
      'pg_stats',
    ]);
    const draft = await base.executeAs('EDITOR', `{ reviewQueue { nodes { record { id } } } }`);
    const [{ record }] = (draft.data?.['reviewQueue'] as { nodes: [{ record: { id: string } }] })
      .nodes;
    await base.executeAs(
      'ADMIN',
      `mutation { erase(id: "${record.id}", reason: ERROR, also: ${all}) { __typename } }`,
    );
    expect(await columnsWith(database, marker)).toEqual([]);
    expect(await columnsWith(database, 'q99887766')).toEqual([]);
  });

  it('leaves histories that agree', async () => {
    expect((await audit(database)).discrepancies).toEqual([]);
  });
});
