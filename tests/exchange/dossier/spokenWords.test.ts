import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { audit } from '../../../src/knowledge/history/audit.js';
import { importRecords } from '../../../src/knowledge/exchange/stream/import.js';
import { mutationOf, make, mutate, errorFields } from '../../curation/support.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../../support/knowledgeBase.js';
import { importErrors, importCounts } from './support.js';

const body = '“It was high time,” said Ada Moser. Later she spoke of a “bureau in Vienna”.';
const world = `
articles:
  - { slug: opening, title: Opening, body: '${body}' }
  - { slug: unread, title: Unread }
people: [{ slug: ada, name: Ada Moser }]`;
const statement = (text: string, kind = 'DIRECT', article = 'opening') =>
  `statements: [{ article: ${article}, speaker: ada, kind: ${kind}, text: ${JSON.stringify(text)}, references: [{ exact: Ada Moser }] }]`;

describeOnEachDatabase('a speaker’s own words', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    await importCounts(database, world);
  });

  describe('in a dossier', () => {
    it('are rejected if the article lacks them, with the nearest passage', async () => {
      expect(await importErrors(database, statement('It was hihg time'))).toEqual([
        expect.stringMatching(
          /^test.yaml:1:68: "It was hihg time" is not in the body of opening: the nearest passage is "It was high time"; give the speaker’s own words, with … /,
        ),
      ]);
      expect(await importErrors(database, statement('We will open ten more bureaus'))).toHaveLength(
        1,
      );
      expect(
        await importErrors(database, statement('She spoke of a “grand bureau”', 'MIXED')),
      ).toEqual([
        expect.stringContaining('put only the speaker’s own words between quotation marks'),
      ]);
    });

    it('are looked up in the body that the dossier brings', async () => {
      const article = `articles: [{ slug: other, title: Other, body: Ada Moser is here }]\n`;
      expect(
        await importErrors(database, article + statement('It was high time', 'DIRECT', 'other')),
      ).toEqual([expect.stringContaining('is not in the body of other')]);
    });

    it('are taken with gaps, as MIXED, or where no body is held', async () => {
      for (const given of [
        statement('It was … time'),
        statement('She announced a “bureau in Vienna”', 'MIXED'),
        statement('Anything at all', 'DIRECT', 'unread'),
        statement('Anything at all', 'INDIRECT'),
      ]) {
        expect((await importCounts(database, given)).created).toMatchObject({ statements: 1 });
      }
    });
  });

  it('in a stream are rejected with the line', async () => {
    const record = {
      type: 'Statement',
      article: 'opening',
      speaker: 'ada',
      kind: 'DIRECT',
      text: 'No',
    };
    const records = [{ origin: { file: 'said.jsonl', line: 3 }, data: record }];
    const reading = (async function* () {
      yield await Promise.resolve(records);
    })();
    await expect(importRecords(database, reading)).rejects.toThrow(
      /^said.jsonl:3: "No" is not in the body of opening/,
    );
  });

  describe('in a mutation', () => {
    const create = (text: string) =>
      mutationOf(
        `createStatement(input: { article: "opening", speaker: "ada", kind: DIRECT, text: "${text}" })`,
        'StatementPayload { statement { id } }',
      );

    it('are rejected if the article lacks them', async () => {
      expect(await mutate(base, create('It was low time'))).toMatchObject({
        issues: [{ path: 'input.text', message: expect.stringContaining('high time') as string }],
      });
      const { id } = await make<{ id: string }>(
        base,
        'Statement',
        '{ article: "opening", speaker: "ada", kind: INDIRECT, text: "Nothing of it" }',
        { fields: 'id' },
      );
      const change = `updateStatement(id: "${id}", input: { kind: DIRECT })`;
      expect(
        await mutate(base, mutationOf(change, 'StatementPayload { statement { id } }')),
      ).toMatchObject({ issues: [{ path: 'input.text' }] });
    });

    it('do not stand in the way of another change where they were taken before', async () => {
      await make(base, 'Article', '{ slug: "late", title: "Late" }');
      const { id } = await make<{ id: string }>(
        base,
        'Statement',
        '{ article: "late", speaker: "ada", kind: DIRECT, text: "Too late" }',
        { fields: 'id' },
      );
      const article = await base.execute('{ article(slug: "late") { id } }');
      const articleId = (article.data?.['article'] as { id: string }).id;
      const read = await mutate(
        base,
        `mutation { updateArticle(id: "${articleId}", input: { body: "Ada Moser was early." }) {
          __typename ${errorFields} ... on ArticlePayload { brokenReferences { article { slug } record { caption } field exact message } } } }`,
      );
      expect(read['brokenReferences']).toEqual([
        {
          article: { slug: 'late' },
          record: { caption: 'Too late' },
          field: 'text',
          exact: 'Too late',
          message: 'Too late (text): "Too late" is not found in late any more',
        },
      ]);
      const dated = `updateStatement(id: "${id}", input: { occasion: "A talk" })`;
      expect(
        await mutate(base, mutationOf(dated, 'StatementPayload { statement { id } }')),
      ).toMatchObject({
        __typename: 'StatementPayload',
      });
      const { discrepancies } = await audit(database);
      expect(discrepancies).toMatchObject([
        {
          recordType: 'statements',
          message: expect.stringContaining('"Too late" is not in the body of late') as string,
        },
      ]);
    });

    it('are reported in a warning if an article is merged into one that lacks them', async () => {
      const from = await make<{ id: string }>(
        base,
        'Article',
        '{ slug: "draft-of-it", title: "A", body: "She said: we go on" }',
      );
      const into = await make<{ id: string }>(
        base,
        'Article',
        '{ slug: "final", title: "A", body: "She said: we stop" }',
      );
      await make(
        base,
        'Statement',
        '{ article: "draft-of-it", speaker: "ada", kind: DIRECT, text: "we go on" }',
        { fields: 'id' },
      );
      const merged = await mutate(
        base,
        mutationOf(
          `merge(from: "${from.id}", into: "${into.id}")`,
          'MergePayload { warnings { message } }',
        ),
      );
      expect(merged['warnings']).toEqual([
        {
          message: expect.stringMatching(
            /^a statement that moves: "we go on" is not in the body of final/,
          ) as unknown,
        },
      ]);
    });
  });
});
