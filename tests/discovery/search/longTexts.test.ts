import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRows, type Database } from '../../../src/database/database.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../../support/knowledgeBase.js';

/** The same words in another order each time, so that few stand side by side twice. */
function prose(length: number, lexicon: readonly string[], space = ' '): string {
  let state = 7;
  let text = '';
  while (text.length < length) {
    state = (state * 1103515245 + 12345) % 2147483648;
    text += `${lexicon[(state >> 8) % lexicon.length]}${space}`;
  }
  return text;
}

const english = Array.from({ length: 3000 }, (_, i) => `word${i.toString(36)}`);
const chinese = Array.from({ length: 900 }, (_, i) => String.fromCodePoint(0x4e00 + i * 7));

describeOnEachDatabase('a long text', ({ open }) => {
  let base: KnowledgeBase;
  let database: Database;
  const create = async (slug: string, language: string, body: string) => {
    const { data, errors } = await base.executeAs(
      'EDITOR',
      `mutation ($body: String!) {
        createArticle(input: { slug: "${slug}", title: "T", language: "${language}", body: $body }) { __typename ... on ArticlePayload { warnings { message } } }
      }`,
      { body },
    );
    expect(errors).toBeUndefined();
    return (data?.['createArticle'] as { warnings: { message: string }[] }).warnings.map(
      ({ message }) => message,
    );
  };
  const found = async (query: string) => {
    const { data, errors } = await base.execute(
      `query ($query: String!) { search(query: $query, filter: { recordType: [ARTICLE] }) {
        totalCount facets { recordTypes { count } }
        nodes { node { ... on Article { slug body } } passage { field text offset } highlight } } }`,
      { query },
    );
    expect(errors).toBeUndefined();
    const { nodes, totalCount, facets } = data?.['search'] as {
      totalCount: number;
      facets: { recordTypes: { count: number }[] };
      nodes: {
        node: { slug: string; body: string };
        passage: { field: string; text: string; offset: number };
        highlight: string;
      }[];
    };
    expect(facets.recordTypes.reduce((sum, { count }) => sum + count, 0)).toBe(totalCount);
    for (const { node, passage } of nodes) {
      const place = Array.from(node.body).slice(passage.offset).join('');
      if (passage.field === 'BODY') expect(place.startsWith(passage.text)).toBe(true);
    }
    return nodes.map(({ node, highlight }) => [
      node.slug,
      highlight.match(/<mark>.*<\/mark>/)?.[0],
    ]);
  };

  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
  });

  it('is found by its last sentence, by words and by phrases', async () => {
    const body = `${prose(900_000, english)} At the very end the zebra liaison officer left.`;
    expect(await create('long', 'en', body)).toEqual([]);
    expect(await found('zebra officer')).toEqual([
      ['long', '<mark>zebra</mark> liaison <mark>officer</mark>'],
    ]);
    expect(await found('"zebra liaison"')).toEqual([
      ['long', '<mark>zebra</mark> <mark>liaison</mark>'],
    ]);
    expect(await found('"zebra liaison" "officer left"')).toHaveLength(1);
    expect(await found('zebra-liaison -officer')).toEqual([]);
    expect(await found('"liaison zebra"')).toEqual([]);
    expect(await found('"zebra liaison" or "no such"')).toHaveLength(1);
  });

  it('is found by its last sentence where each character is a word', async () => {
    const body = `${prose(200_000, chinese, '')}。外務大臣が北京を訪れた。`;
    expect(await create('kanji', 'zh', body)).toEqual([]);
    expect(await found('北京を訪れた')).toEqual([['kanji', '<mark>北京を訪れた</mark>']]);
    expect(await found('京北を')).toEqual([]);
  });

  it('is reported if it has too many words', async () => {
    const body = Array.from({ length: 90_000 }, (_, i) => `x${(i * 7919).toString(36)}`).join(' ');
    const [warning] = await create('many', 'en', `${body} theend`);
    expect(warning).toMatch(/^search does not find words of the body from character \d+ on/);
    const from = Number(/\d+/.exec(warning ?? '')?.[0]);
    expect(from).toBeGreaterThan(100_000);
    expect(from).toBeLessThan(body.length);
    const words = body.slice(0, from).split(' ');
    expect(await found(words.at(-3) ?? '')).toHaveLength(1);
    expect(await found('theend')).toEqual([]);
  });

  it('leaves nothing behind when it is shortened or goes', async () => {
    const parts = async () =>
      (
        await readRows<{ count: number }>(
          database.db,
          sql`select count(*)::int as count from search_part p join article a on a.id = p.article_id where a.slug = 'long'`,
        )
      )[0]?.count;
    expect(await parts()).toBeGreaterThan(10);
    await database.db.execute(
      sql`update article_body set text = 'Short.' where article_id = (select id from article where slug = 'long')`,
    );
    expect(await parts()).toBe(0);
    expect(await found('zebra')).toEqual([]);
  });
});

describe('prose', () => {
  it('is as long as it should be', () => {
    expect(prose(1000, english).length).toBeGreaterThanOrEqual(1000);
  });
});
