/** Every road to an article of which readers may see the cited passages only. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graph/schema.js';
import { openEvents } from '../support/events.js';
import { hosted } from '../support/hosted.js';
import { everyField, type FieldQuery } from './everyField.js';
import { body, hiddenSentences, hiddenWords, letter, world } from './letter.js';
import { bearerOf } from '../support/bearer.js';

const schema = createSchema();

const editor = { authorization: 'Bearer editor' };

/** So that selections of whole types fit. */
const unlimited = {
  queryBytes: 1e6,
  tokens: 1e6,
  depth: 100,
  rootFields: 1000,
  aliases: 1e5,
  cost: 1e9,
};

describe('with an article of which readers may see the cited passages', () => {
  const server = hosted(
    {},
    {
      sample: false,
      limits: unlimited,
      identify: (request) => {
        const name = bearerOf(request);
        return name === undefined ? undefined : { id: name, name, role: 'EDITOR' };
      },
    },
  );
  let queries: FieldQuery[];
  /** When readers could see all of it. */
  let earlier: string;
  const send = async (query: string, headers: Record<string, string> = {}): Promise<string> => {
    const response = await fetch(`${server.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return response.text();
  };
  const idOf = async (slug: string): Promise<string> => {
    const answer = JSON.parse(await send(`{ article(slug: "${slug}") { id } }`)) as {
      data: { article: { id: string } };
    };
    return answer.data.article.id;
  };
  beforeAll(async () => {
    await server.chancery.importDossier({ name: 'world.json', text: world('FULL') });
    await sleep(20);
    earlier = new Date().toISOString();
    await sleep(20);
    await server.chancery.importDossier({
      name: 'letter.json',
      text: JSON.stringify({ articles: [letter('PASSAGES')] }),
    });
    const id = JSON.stringify(await idOf('letter'));
    queries = everyField(schema, schema.getQueryType()!, {
      id,
      ids: `[${id}]`,
      'Query.article.slug': '"letter"',
      'Query.entity.slug': '"hub"',
      'Query.organization.slug': '"hub"',
      'Query.person.slug': '"ann"',
      'Query.office.slug': '"bureau"',
      'Query.place.slug': '"here"',
      'Query.event.slug': '"summit"',
      scheme: '"wikidata"',
      value: '"Q1"',
      query: '"letter opened"',
      prefix: '"Hu"',
      of: '"hub"',
      from: '"ann"',
      to: '"hub"',
    });
  });

  it('no field of any type shows a reader what is not cited', async () => {
    expect(queries.length).toBeGreaterThan(400);
    // Twice: the second time from the cache.
    for (let turn = 1; turn <= 2; turn++) {
      for (const { field, query } of queries) {
        const answer = await send(query);
        expect(answer, `${field}: ${query}`).not.toContain('GRAPHQL_VALIDATION_FAILED');
        for (const sentence of hiddenSentences) {
          expect(answer, `${field}: ${query}`).not.toContain(sentence);
        }
        expect(answer.toLowerCase(), `${field}: ${query}`).not.toMatch(
          new RegExp(hiddenWords.join('|')),
        );
      }
    }
  });

  it('nor in an earlier state, in which all of it could be seen', async () => {
    const inThePast = (query: string) =>
      query.replace('query', `query @asKnownAt(time: "${earlier}")`);
    for (const { field, query } of queries) {
      const answer = await send(inThePast(query));
      for (const sentence of hiddenSentences) {
        expect(answer, `${field}: ${query}`).not.toContain(sentence);
      }
    }
    const { query } = queries.find(({ field }) => field === 'Query.article')!;
    expect(await send(inThePast(query))).toContain('A letter of Hub');
    expect(await send(inThePast(query), editor)).toContain(hiddenSentences[0]);
  });

  it('an editor sees it through every field that leads to the article', async () => {
    const articles = queries.filter(({ type }) => type === 'Article');
    expect(articles.map(({ field }) => field)).toEqual(
      expect.arrayContaining([
        'Query.article',
        'ArticleConnection.nodes',
        'Statement.article',
        'Reference.article',
        'Mention.article',
      ]),
    );
    for (const { field, query } of articles) {
      expect(await send(query, editor), `${field}: ${query}`).toContain(hiddenSentences[0]);
    }
    for (const name of ['Query.node', 'Query.nodes', 'SearchHit.node']) {
      const { query } = queries.find(({ field }) => field === name)!;
      expect(await send(query, editor), name).toContain(hiddenSentences[0]);
    }
  });

  it('a reader who searches for each of its words learns of none that is not cited', async () => {
    const search = (word: string) =>
      `{ search(query: ${JSON.stringify(word)}, first: 100) { nodes { highlight passage { text }
        node { __typename ... on Article { slug body } } } } }`;
    for (const word of new Set(body.match(/\w+/g))) {
      const answer = await send(search(word));
      for (const sentence of hiddenSentences) expect(answer, word).not.toContain(sentence);
      if (!hiddenWords.includes(word.toLowerCase())) continue;
      expect(answer, word).not.toContain('letter');
      expect(await send(search(word), editor), word).toContain('<mark>');
    }
  });

  it('linked data has none of it', async () => {
    for (const path of ['article/letter', 'entity/ann', 'event/summit']) {
      for (const headers of [{}, editor]) {
        const response = await fetch(`${server.origin}/${path}`, { headers });
        const text = await response.text();
        expect(response.status, path).toBe(200);
        expect(text.toLowerCase(), path).not.toMatch(new RegExp(hiddenWords.join('|')));
      }
    }
  });

  it('subscriptions have none of it for readers', async () => {
    const byQueries = new Set(queries.map(({ field }) => field));
    const subscriptions = everyField(schema, schema.getSubscriptionType()!, {}).filter(
      ({ field, query }) => !byQueries.has(field) && /\bbody\b/.test(query),
    );
    expect(subscriptions.length).toBeGreaterThan(1);
    for (const { field, query } of subscriptions) {
      const [reader, forEditor] = [
        await openEvents(server.origin, query),
        await openEvents(server.origin, query, editor),
      ];
      const slug = field.replace('.', '-').toLowerCase();
      await server.chancery.importDossier({
        name: 'more.json',
        text: JSON.stringify({
          articles: [{ slug, title: 'Another', body, bodyAccess: 'PASSAGES' }],
          statements: [
            { article: slug, speaker: 'ann', kind: 'INDIRECT', text: `It is open: ${slug}` },
          ],
        }),
      });
      const sent = JSON.stringify(await reader.receive(1));
      expect(sent, query).toContain('__typename');
      for (const sentence of hiddenSentences) expect(sent, query).not.toContain(sentence);
      expect(JSON.stringify(await forEditor.receive(1)), query).toContain(hiddenSentences[0]);
      reader.close();
      forEditor.close();
    }
  });

  it('a text that is withdrawn is in no cached response any more', async () => {
    await server.chancery.importDossier({
      name: 'open.json',
      text: JSON.stringify({
        articles: [
          { slug: 'open', title: 'Open', body: 'All may read saffron.', bodyAccess: 'FULL' },
        ],
      }),
    });
    const roads = [
      '{ article(slug: "open") { body } }',
      '{ articles(first: 100) { nodes { body } } }',
      '{ search(query: "saffron") { nodes { highlight } } }',
    ];
    for (const query of roads) {
      expect(await send(query)).toContain('saffron');
      expect(await send(query)).toContain('saffron');
    }
    await server.chancery.importDossier({
      name: 'open.json',
      text: JSON.stringify({ articles: [{ slug: 'open', title: 'Open', bodyAccess: 'PASSAGES' }] }),
    });
    for (const query of roads) expect(await send(query)).not.toContain('saffron');
  });
});
