import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChancery, type Chancery, type StreamSummary } from 'chancery';
import { congress } from '../../examples/datasets/congress.ts';
import { embassies } from '../../examples/datasets/embassies.ts';
import { pocom } from '../../examples/datasets/pocom.ts';
import type { StreamRecord } from '../../examples/datasets/rows.ts';
import { wikinews } from '../../examples/datasets/wikinews.ts';
import { inMemory } from '../support/inMemory.js';

const folder = '../shared/data';

describe.skipIf(!existsSync(folder))('the data sets, beside the sample', () => {
  let chancery: Chancery;
  const rejections: string[] = [];
  beforeAll(async () => {
    chancery = await createChancery({ database: await inMemory(), sample: true });
  });
  afterAll(() => chancery.close());

  async function load(records: AsyncIterable<StreamRecord>): Promise<StreamSummary> {
    return chancery.importRecords(records, {
      keepGoing: true,
      onRefused: ({ reasons }) => rejections.push(...reasons),
    });
  }

  async function execute(query: string): Promise<unknown> {
    const response = await chancery.fetch(
      new Request(`http://test/graphql?query=${encodeURIComponent(query)}`),
    );
    return response.json();
  }

  it('of the U.S. chiefs of mission is all there, but for one whose person is unknown', async () => {
    rejections.length = 0;
    const { created, refused } = await load(pocom(folder));
    expect(created).toMatchObject({ people: 4261, organizations: 216, positions: 7261 });
    expect(refused).toBe(1);
    expect(rejections).toEqual([
      expect.stringContaining('pocom:wilson-huntington-francis-mairs-huntington-wilson'),
    ]);
  });

  it('tells who was the ambassador to Japan, in order and on a day', async () => {
    const mission = (list: string) =>
      `{ organization(slug: "united-states-mission-to-japan") { ${list} } }`;
    expect(
      await execute(
        mission(
          'positions(first: 3, orderBy: { field: START, direction: ASC }) { totalCount nodes { person { name } title start end } }',
        ),
      ),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "organization": {
            "positions": {
              "nodes": [
                {
                  "end": "1862-04-26",
                  "person": {
                    "name": "Townsend Harris",
                  },
                  "start": "1859-11-05",
                  "title": "Minister Resident",
                },
                {
                  "end": "1865-04-28",
                  "person": {
                    "name": "Robert Hewson Pruyn",
                  },
                  "start": "1862-05-17",
                  "title": "Minister Resident",
                },
                {
                  "end": "1865-11-15",
                  "person": {
                    "name": "Chauncey Mitchell Depew",
                  },
                  "start": "1865-11-15",
                  "title": "Minister Resident (did not serve)",
                },
              ],
              "totalCount": 43,
            },
          },
        },
      }
    `);
    expect(
      await execute(
        mission(
          'positions(filter: { asOf: "1941-12-07" }) { nodes { person { name } title start end } }',
        ),
      ),
    ).toEqual({
      data: {
        organization: {
          positions: {
            nodes: [
              {
                person: { name: 'Joseph Clark Grew' },
                title: 'Ambassador Extraordinary and Plenipotentiary',
                start: '1932-06-14',
                end: '1941-12-08',
              },
            ],
          },
        },
      },
    });
  });

  it('of the Congress is all there', async () => {
    const wrong: string[] = [];
    rejections.length = 0;
    const { created } = await load(congress(folder, (message) => wrong.push(message)));
    expect(rejections).toEqual([]);
    expect(wrong).toEqual([expect.stringContaining('441.5080197')]);
    expect(created).toMatchObject({
      people: 12794,
      organizations: 233,
      positions: 6802,
      offices: 1848,
    });
    expect(
      await execute(
        '{ offices(filter: { kind: [DISTRICT], place: ["fairbanks-ak-us"] }) { nodes { name place { name } coordinates { latitude longitude } } } }',
      ),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "offices": {
            "nodes": [
              {
                "coordinates": {
                  "latitude": 64.8383052,
                  "longitude": -147.7082477,
                },
                "name": "Office of Dan Sullivan in Fairbanks, AK",
                "place": {
                  "name": "Fairbanks",
                },
              },
              {
                "coordinates": {
                  "latitude": 64.8379085,
                  "longitude": -147.7070967,
                },
                "name": "Office of Lisa Murkowski in Fairbanks, AK",
                "place": {
                  "name": "Fairbanks",
                },
              },
            ],
          },
        },
      }
    `);
  });

  it('of the missions of the world is all there, and a doubled identifier is told', async () => {
    rejections.length = 0;
    const doubled: string[] = [];
    const records = () => embassies(folder, (message) => doubled.push(message));
    const { created } = await load(records());
    expect(rejections).toEqual([]);
    expect(created.offices).toBe(9852);
    expect(doubled).toEqual(['Q106686567 names more than one mission; only the first keeps it']);
    const again = await load(records());
    expect([again.created.offices, again.updated.offices, again.unchanged.offices]).toEqual([
      0, 0, 9852,
    ]);
  });

  it('tells which embassies stand in Vienna, and where', async () => {
    const { data } =
      (await execute(`{ offices(filter: { kind: [EMBASSY], place: ["vienna"] }, first: 2) {
      totalCount nodes { name organization { name } coordinates { latitude longitude } } } }`)) as {
        data: unknown;
      };
    expect(data).toMatchInlineSnapshot(`
      {
        "offices": {
          "nodes": [
            {
              "coordinates": {
                "latitude": 48.2018,
                "longitude": 16.3738,
              },
              "name": "Embassy of Afghanistan in Vienna",
              "organization": {
                "name": "Afghanistan",
              },
            },
            {
              "coordinates": {
                "latitude": 48.1955,
                "longitude": 16.3763,
              },
              "name": "Embassy of Albania in Vienna",
              "organization": {
                "name": "Albania",
              },
            },
          ],
          "totalCount": 119,
        },
      }
    `);
  });

  it('tells which states have no embassy in a country', async () => {
    const all = await names('organizations(filter: { kind: [STATE] }', 'name');
    const there = await names(
      'offices(filter: { kind: [EMBASSY, HIGH_COMMISSION], accreditedTo: ["iceland"] }',
      'organization { name }',
    );
    expect(there.has('Germany')).toBe(true);
    expect(all.has('Bhutan') && !there.has('Bhutan')).toBe(true);
  });

  it('of Wikinews is all there, and tells which articles name a country', async () => {
    rejections.length = 0;
    const { created } = await load(wikinews(folder));
    expect(rejections).toEqual([]);
    expect(created.articles).toBe(294);
    expect(
      await execute(
        '{ place(slug: "france-territory") { mentions(first: 2) { totalCount nodes { article { title publishedOn } } } } }',
      ),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "place": {
            "mentions": {
              "nodes": [
                {
                  "article": {
                    "publishedOn": "2020-12-21",
                    "title": "Prime Minister of Slovakia Igor Matovič tests positive for COVID-19",
                  },
                },
                {
                  "article": {
                    "publishedOn": "2020-10-29",
                    "title": "On the campaign trail in the USA, September 2020",
                  },
                },
              ],
              "totalCount": 20,
            },
          },
        },
      }
    `);
  });

  /** The names in all pages of a list. */
  async function names(list: string, field: string): Promise<Set<string>> {
    const found = new Set<string>();
    for (let after = ''; ;) {
      const query = `{ list: ${list}, first: 100${after}) { nodes { ${field} } pageInfo { hasNextPage endCursor } } }`;
      const { data } = (await execute(query)) as { data: { list: Page } };
      for (const node of data.list.nodes) found.add(node.name ?? node.organization?.name ?? '');
      if (!data.list.pageInfo.hasNextPage) return found;
      after = `, after: "${data.list.pageInfo.endCursor}"`;
    }
  }
});

interface Page {
  nodes: { name?: string; organization?: { name: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}
