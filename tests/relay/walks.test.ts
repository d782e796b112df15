import { beforeAll, expect, it } from 'vitest';
import { createSchema } from '../../src/graph/schema.js';
import { make } from '../curation/support.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { listsOf, type List, type ListPage } from './connections.js';
import { worldOf } from './world.js';

describeOnEachDatabase('every list of the schema', ({ open }) => {
  let base: KnowledgeBase;
  let lists: List[];
  let unreached: string[];
  beforeAll(async () => {
    base = knowledgeBase(await open());
    for (const numbers of [[1, 4], [3], [7], [8]]) await base.importDossier(worldOf(numbers));
    for (const name of ['A', 'B', 'C', 'D', 'E']) {
      await make(base, 'Person', `{ name: "Draft ${name}" }`, { isDraft: true });
    }
    ({ lists, unreached } = await listsOf(createSchema(), base));
  });

  it('is found, and has several pages here', () => {
    expect(lists.length).toBeGreaterThan(50);
    // The parents of these have no id, or are in no list.
    expect(unreached.sort()).toEqual([
      'Change.revisions',
      'PathStep.references',
      'TimelineEntry.references',
    ]);
    expect(lists.filter(({ total }) => total < 3).map(({ title }) => title)).toEqual([]);
  });

  it('is the same forward, backward and at once, whatever its order', async () => {
    for (const list of lists) {
      const orders = list.orders.map((field) => `orderBy: { field: ${field}, direction: ASC }, `);
      for (const order of ['', ...orders]) {
        const what = `${list.title}(${order})`;
        const { edges, nodes, totalCount } = await list.read(`${order}first: 100`);
        const cursors = edges.map(({ cursor }) => cursor);
        expect(new Set(cursors).size, what).toBe(totalCount);
        expect(
          edges.map(({ node }) => node),
          what,
        ).toEqual(nodes);
        expect(cursorsOf(await forward(list, order, what)), what).toEqual(cursors);
        if (!list.isTwoWay) continue;
        expect(cursorsOf((await backward(list, order, what)).reverse()), what).toEqual(cursors);
      }
    }
  });

  it('has at most a hundred items on a page', async () => {
    for (const list of lists) {
      await expect(list.read('first: 101'), list.title).rejects.toThrow('0 to 100, but is 101');
      if (!list.isTwoWay) continue;
      await expect(list.read('last: 101'), list.title).rejects.toThrow('0 to 100, but is 101');
    }
  });

  it('skips and doubles nothing that was there while records are added between pages', async () => {
    const begun = [];
    for (const list of lists) {
      const before = await list.read('first: 100');
      begun.push({ list, before, page: await list.read('first: 2') });
    }
    await base.importDossier(worldOf([2, 5, 6, 9]));
    let grown = 0;
    for (const { list, before, page } of begun) {
      // The best of a search are others when there is more to find.
      if (list.title === 'Query.search') continue;
      const pages = await forward(list, '', list.title, page);
      const seen = cursorsOf(pages);
      expect(new Set(seen).size, list.title).toBe(seen.length);
      const old = before.edges.map(({ cursor }) => cursor);
      expect(
        seen.filter((cursor) => old.includes(cursor)),
        list.title,
      ).toEqual(old);
      if (seen.length > old.length) grown++;
    }
    expect(grown).toBeGreaterThan(20);
  });
});

// Private:

const cursorsOf = (pages: ListPage[]): string[] =>
  pages.flatMap(({ edges }) => edges.map(({ cursor }) => cursor));

/** Small pages for many of them; larger ones where it is only about the order. */
const size = (order: string): number => (order ? 5 : 2);

/** All pages from the beginning, or from a page on. */
async function forward(list: List, order: string, what: string, from?: ListPage) {
  const pages = [from ?? (await list.read(`${order}first: ${size(order)}`))];
  for (let page = pages[0]; page?.pageInfo.hasNextPage;) {
    page = await list.read(`${order}first: ${size(order)}, after: "${page.pageInfo.endCursor}"`);
    expect(page.edges, what).not.toEqual([]);
    expect(page.pageInfo.hasPreviousPage, what).toBe(true);
    expectEnds(page, what);
    pages.push(page);
  }
  return pages;
}

/** All pages from the end, the last first. */
async function backward(list: List, order: string, what: string) {
  const pages = [await list.read(`${order}last: ${size(order)}`)];
  for (let page = pages[0]; page?.pageInfo.hasPreviousPage;) {
    page = await list.read(`${order}last: ${size(order)}, before: "${page.pageInfo.startCursor}"`);
    expect(page.edges, what).not.toEqual([]);
    expect(page.pageInfo.hasNextPage, what).toBe(true);
    expectEnds(page, what);
    pages.push(page);
  }
  return pages;
}

function expectEnds({ edges, pageInfo }: ListPage, what: string): void {
  expect([pageInfo.startCursor, pageInfo.endCursor], what).toEqual([
    edges[0]?.cursor,
    edges.at(-1)?.cursor,
  ]);
}
