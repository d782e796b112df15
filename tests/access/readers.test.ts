import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { findRecord } from '../../src/knowledge/exchange/stream/export.js';
import { make, mutate, mutationOf } from '../curation/support.js';
import { dump, importAll } from '../exchange/stream/support.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { body, hiddenSentences, hiddenWords, world } from './letter.js';

describeOnEachDatabase('an article of which readers may see the cited passages', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  let before: string;
  let letter: string;
  const asReader = async (query: string) => {
    const { data, errors } = await base.execute(query);
    expect(errors).toBeUndefined();
    return data;
  };
  const asEditor = async (query: string) => {
    const { data, errors } = await base.executeAs('EDITOR', query);
    expect(errors).toBeUndefined();
    return data;
  };
  const update = async (input: string) => {
    const result = await mutate(
      base,
      mutationOf(`updateArticle(id: "${letter}", input: ${input})`, 'ArticlePayload { changeId }'),
    );
    expect(result).not.toHaveProperty('issues');
  };
  const hits = async (execute: typeof asReader, query: string) => {
    const data = await execute(
      `{ search(query: ${JSON.stringify(query)}) { nodes {
        highlight passage { field text offset } node { ... on Article { slug } } } } }`,
    );
    const { nodes } = data?.['search'] as { nodes: Hit[] };
    return nodes.filter(({ node }) => node.slug === 'letter');
  };
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    await base.importDossier(world('FULL'));
    await sleep(20);
    before = new Date().toISOString();
    await sleep(20);
    letter = ((await asReader('{ article(slug: "letter") { id } }'))?.['article'] as { id: string })
      .id;
    await update('{ bodyAccess: PASSAGES }');
  });

  it('has its body and its hash for editors only', async () => {
    const query = '{ article(slug: "letter") { body bodyHash bodyAccess } }';
    expect(await asReader(query)).toEqual({
      article: { body: null, bodyHash: null, bodyAccess: 'PASSAGES' },
    });
    expect((await base.executeAs('READER', query)).data).toMatchObject({ article: { body: null } });
    expect(await asEditor(query)).toEqual({
      article: {
        body,
        bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        bodyAccess: 'PASSAGES',
      },
    });
  });

  it('shows passages with a few characters around them, and where they are', async () => {
    expect(
      await asReader(
        '{ person(slug: "ann") { references { nodes { exact prefix suffix verified start } } } }',
      ),
    ).toEqual({
      person: {
        references: {
          nodes: [
            {
              exact: 'Hub opened its bureau with Ann',
              prefix: 'nd rainy afternoon in that town. ',
              suffix: ', and Here was glad. Nothing els',
              verified: true,
              start: body.indexOf('Hub opened'),
            },
          ].map((each) => ({ ...each, prefix: each.prefix.slice(-32) })),
        },
      },
    });
  });

  it('cuts the context of a passage that was not found, for readers', async () => {
    const long = 'x'.repeat(100);
    await importAll(
      database,
      [
        {
          type: 'Person',
          slug: 'bob',
          name: 'Bob',
          references: [
            { article: 'letter', exact: 'Gone', prefix: long, suffix: long, verified: false },
          ],
        },
      ],
      { keepGoing: false },
    );
    const query = '{ person(slug: "bob") { references { nodes { prefix suffix } } } }';
    expect(await asReader(query)).toEqual({
      person: { references: { nodes: [{ prefix: 'x'.repeat(32), suffix: 'x'.repeat(32) }] } },
    });
    expect(await asEditor(query)).toEqual({
      person: { references: { nodes: [{ prefix: long, suffix: long }] } },
    });
    expect((await dump(database, true)).join('\n')).not.toContain('x'.repeat(33));
  });

  it('shows no more in an earlier state, when readers could see it', async () => {
    const query = `query @asKnownAt(time: "${before}") { article(slug: "letter") { body bodyHash bodyAccess } }`;
    expect(await asReader(query)).toEqual({
      article: { body: null, bodyHash: null, bodyAccess: 'PASSAGES' },
    });
    expect(await asEditor(query)).toMatchObject({ article: { body, bodyAccess: 'PASSAGES' } });
  });

  describe('in a search', () => {
    it('is found by its title and its passages, not by other words of its body', async () => {
      for (const query of ['letter', 'opened', '"opened its bureau"']) {
        expect(await hits(asReader, query), query).toHaveLength(1);
      }
      for (const query of [...hiddenWords, '"shipped to the quay"', 'letter quicksilver']) {
        expect(await hits(asReader, query), query).toEqual([]);
        expect(await hits(asEditor, query), query).toHaveLength(1);
      }
    });

    it('is shown by a passage that has the words, else by its title', async () => {
      const [byPassage] = await hits(asReader, 'opened bureau');
      expect(byPassage).toMatchObject({
        highlight: 'Hub <mark>opened</mark> its <mark>bureau</mark> with Ann',
        passage: {
          field: 'BODY',
          text: 'Hub opened its bureau with Ann',
          offset: body.indexOf('Hub opened'),
        },
      });
      const [byTitle] = await hits(asReader, 'letter');
      expect(byTitle).toMatchObject({
        highlight: 'A <mark>letter</mark> of Hub',
        passage: { field: 'TITLE' },
      });
      const [forEditor] = await hits(asEditor, 'quicksilver');
      expect(forEditor?.highlight).toContain('<mark>Quicksilver</mark> prices doubled');
    });

    it('counts it in facets only where it is found', async () => {
      const counts = async (execute: typeof asReader, query: string) =>
        execute(`{ search(query: "${query}") { facets { recordTypes { count } } } }`);
      expect(await counts(asReader, 'quicksilver')).toEqual({
        search: { facets: { recordTypes: [] } },
      });
      expect(await counts(asEditor, 'quicksilver')).toEqual({
        search: { facets: { recordTypes: [{ count: 1 }] } },
      });
    });

    it('follows what is cited', async () => {
      const { id } = await make(base, 'Person', '{ name: "Eve" }');
      const cite = mutationOf(
        `cite(input: { target: "${id}", article: "letter", exact: "shipped to the quay" })`,
        'MutationPayload { changeId }',
      );
      const { changeId } = await mutate(base, cite);
      expect(await hits(asReader, 'quay')).toMatchObject([
        { passage: { field: 'BODY', text: 'shipped to the quay' } },
      ]);
      expect(await hits(asReader, 'marzipan')).toEqual([]);
      await mutate(base, mutationOf(`undo(changeId: "${changeId}")`, 'UndoPayload { changeId }'));
      expect(await hits(asReader, 'quay')).toEqual([]);
    });

    it('follows the right to show it, and the body', async () => {
      await update('{ bodyAccess: FULL }');
      for (const word of hiddenWords) expect(await hits(asReader, word), word).toHaveLength(1);
      await update('{ bodyAccess: PASSAGES }');
      for (const word of hiddenWords) expect(await hits(asReader, word), word).toEqual([]);
      await update(`{ body: ${JSON.stringify(`${body} Bergamot.`)} }`);
      expect(await hits(asReader, 'bergamot')).toEqual([]);
      expect(await hits(asEditor, 'bergamot')).toHaveLength(1);
      await update(`{ body: ${JSON.stringify(body)} }`);
    });

    it('keeps the parts of a long text from readers', async () => {
      const filler = Array.from({ length: 9000 }, (_, i) => `word${i}`).join(' ');
      const long = `${filler} The cardamom caravan came. ${filler}`;
      await base.importDossier(
        JSON.stringify({
          articles: [{ slug: 'long', title: 'Long', body: long, bodyAccess: 'PASSAGES' }],
        }),
      );
      const query = `{ search(query: "\\"cardamom caravan\\"") { nodes { highlight } } }`;
      expect(await asReader(query)).toEqual({ search: { nodes: [] } });
      expect(await asEditor(query)).toMatchObject({
        search: {
          nodes: [
            {
              highlight: expect.stringContaining('<mark>cardamom</mark>') as unknown,
            },
          ],
        },
      });
    });
  });

  it('is in linked data and public exports without its body, and in a backup with it', async () => {
    const found = await findRecord(database, 'article', 'letter');
    expect(found).toMatchObject({ record: { bodyAccess: 'PASSAGES' } });
    expect(found).not.toHaveProperty('record.body');
    const publicly = (await dump(database, true)).join('\n');
    for (const sentence of hiddenSentences) {
      expect(publicly).not.toContain(sentence);
      expect((await dump(database)).join('\n')).toContain(sentence);
    }
  });

  it('can be taken into another knowledge base from a public export', async () => {
    const other = await open();
    const lines = (await dump(database, true)).map((line) => JSON.parse(line) as object);
    expect((await importAll(other, lines)).rejections).toEqual([]);
    const copy = knowledgeBase(other);
    expect(
      (await copy.execute('{ article(slug: "letter") { bodyAccess citedBy { totalCount } } }'))
        .data,
    ).toMatchObject({ article: { bodyAccess: 'PASSAGES' } });
  });
});

interface Hit {
  highlight: string;
  passage: { field: string; text: string; offset: number };
  node: { slug: string };
}
