import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { fillWithSample } from '../../src/knowledge/exchange/dossier/sample.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

interface Group {
  values: { text: string | null }[];
  count: number;
}

describeOnEachDatabase('counts', ({ open }) => {
  describe('in the sample', () => {
    let base: KnowledgeBase;
    let database: Database;
    beforeAll(async () => {
      database = await open();
      await fillWithSample(database);
      base = knowledgeBase(database);
    });

    async function groups(list: string): Promise<Group[]> {
      const { data, errors } = await base.execute(`{ ${list} }`);
      expect(errors).toBeUndefined();
      const found = Object.values(data ?? {})[0] as { groups: Group[] };
      return found.groups;
    }

    it("count an organization's offices by kind and country, the most frequent first", async () => {
      const { data } = await base.execute(`{
        organization(slug: "nato") {
          offices { totalCount groupCount(by: [KIND]) groups(by: [KIND]) { values { text } count } }
          liaison: offices(filter: { kind: [LIAISON] }) { groups(by: [KIND, COUNTRY], first: 2) { values { text entity { name } } count } }
        }
      }`);
      const { offices, liaison } = data?.['organization'] as {
        offices: { totalCount: number; groupCount: number; groups: Group[] };
        liaison: { groups: Group[] };
      };
      expect(offices.groups[0]).toEqual({ values: [{ text: 'LIAISON' }], count: 8 });
      expect(offices.groups.reduce((sum, { count }) => sum + count, 0)).toBe(offices.totalCount);
      expect(offices.groupCount).toBe(offices.groups.length);
      expect(liaison.groups).toHaveLength(2);
      for (const { values, count } of liaison.groups) {
        expect(values).toEqual([
          { text: 'LIAISON', entity: null },
          { text: expect.any(String) as string, entity: { name: expect.any(String) as string } },
        ]);
        expect(count).toBe(1);
      }
    });

    it.each([
      ['offices', 'STATUS', ({ status }: Node) => [status]],
      ['offices', 'ORGANIZATION', ({ organization }: Node) => [organization?.slug]],
      ['statements', 'KIND', ({ kind }: Node) => [kind]],
      ['statements', 'SPEAKER', ({ speaker }: Node) => [speaker?.slug]],
      [
        'statements',
        'SUBJECT',
        ({ about }: Node) => (about?.length ? about.map(({ slug }) => slug) : [null]),
      ],
      ['statements', 'YEAR', ({ saidOn }: Node) => [saidOn?.slice(0, 4)]],
      ['statements', 'PUBLISHER', ({ article }: Node) => [article?.publisher?.slug]],
    ])('of %s by %s are what a reader would count', async (list, by, keysOf) => {
      const fields = {
        offices: 'status organization { slug }',
        statements:
          'kind saidOn speaker { ... on Entity { slug } } about { slug } article { publisher { slug } }',
      };
      const counts = new Map<string | null, number>();
      const { data, errors } = await base.execute(
        `{ ${list}(first: 100) { totalCount nodes { ${fields[list as keyof typeof fields]} } } }`,
      );
      expect(errors).toBeUndefined();
      const { nodes, totalCount } = data?.[list] as { nodes: Node[]; totalCount: number };
      expect(nodes).toHaveLength(totalCount);
      for (const node of nodes)
        for (const key of keysOf(node)) counts.set(key ?? null, (counts.get(key ?? null) ?? 0) + 1);
      const found = await groups(`${list} { groups(by: [${by}]) { values { text } count } }`);
      expect(new Map(found.map(({ values, count }) => [values[0]?.text ?? null, count]))).toEqual(
        counts,
      );
      expect(found.map(({ count }) => count)).toEqual(
        found.map(({ count }) => count).toSorted((a, b) => b - a),
      );
    });

    it('keep to the filter of their list', async () => {
      const about = await groups(
        'statements(filter: { about: ["japan"], kind: [DIRECT, MIXED] }) { groups(by: [SPEAKER, YEAR]) { values { text } count } }',
      );
      const { data } = await base.execute(
        '{ statements(filter: { about: ["japan"], kind: [DIRECT, MIXED] }) { totalCount } }',
      );
      const { totalCount } = data?.['statements'] as { totalCount: number };
      expect(about.reduce((sum, { count }) => sum + count, 0)).toBe(totalCount);
      expect(
        await groups(
          'articles(filter: { publisher: ["nobody"] }) { groups(by: [YEAR]) { values { text } count } }',
        ),
      ).toEqual([]);
    });

    it('reject no key, a repeated key and too many keys', async () => {
      const bad = { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] };
      const execute = (args: string) => base.execute(`{ offices { groups(${args}) { count } } }`);
      expect(await execute('by: []')).toMatchObject(bad);
      expect(await execute('by: [KIND, KIND]')).toMatchObject({
        errors: [{ message: 'by names KIND twice' }],
      });
      expect(await execute('by: [KIND, STATUS, COUNTRY, PLACE]')).toMatchObject(bad);
      expect(await execute('by: [KIND], first: 0')).toMatchObject(bad);
    });

    it('return the totals without hidden records', async () => {
      const execute = async () =>
        (
          await base.execute(
            '{ stats { articles offices people statements references verifiedReferences updatedAt } offices { totalCount } statements { totalCount } }',
          )
        ).data;
      const before = await execute();
      const { offices, statements, updatedAt } = before?.['stats'] as Record<string, unknown>;
      expect(before).toMatchObject({
        offices: { totalCount: offices },
        statements: { totalCount: statements },
      });
      expect(Date.parse(updatedAt as string)).toBeGreaterThan(Date.now() - 600_000);
      await database.db.execute(
        sql`update entity set status = 'DRAFT' where type = 'OFFICE' and slug like '%tokyo%'`,
      );
      const after = await execute();
      expect((after?.['stats'] as { offices: number }).offices).toBeLessThan(offices as number);
      const [liaison] = await groups(
        'offices(filter: { kind: [LIAISON], organization: ["nato"] }) { groups(by: [KIND]) { values { text } count } }',
      );
      expect(liaison).toEqual({ values: [{ text: 'LIAISON' }], count: 7 });
    });
  });

  it('find what is near, across the date line and around a pole', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const points = Array.from({ length: 150 }, (_, i) => ({
      slug: `p${i}`,
      latitude: i < 20 ? 85 + (i % 10) / 2 : ((i * 37) % 171) - 85,
      longitude: i < 20 ? i * 18 - 180 : ((i * 73) % 361) - 180,
    }));
    await base.importDossier(`
organizations: [{ slug: acme, name: Acme, kind: OTHER }]
places:
  - { slug: land, name: Land, kind: COUNTRY }
  - { slug: region, name: Region, kind: REGION, within: land }
  - { slug: city, name: City, kind: CITY, within: region, latitude: 10, longitude: 179.9 }
${points.map(({ slug, latitude, longitude }) => `  - { slug: ${slug}, name: ${slug}, kind: SITE, latitude: ${latitude}, longitude: ${longitude} }`).join('\n')}
offices:
  - { slug: own, name: Own, kind: FIELD, organization: acme, place: region, latitude: 10, longitude: -179.9 }
  - { slug: of-place, name: Of place, kind: FIELD, organization: acme, place: city }
  - { slug: far, name: Far, kind: FIELD, organization: acme, place: city, latitude: -40, longitude: 20 }`);
    const near = async (latitude: number, longitude: number, radiusKm: number) => {
      const { data, errors } = await base.execute(
        'query ($near: Near) { places(filter: { near: $near }, first: 100) { totalCount nodes { slug } } offices(filter: { near: $near }) { nodes { slug } } }',
        { near: { latitude, longitude, radiusKm } },
      );
      expect(errors).toBeUndefined();
      const { places, offices } = data as Record<string, { nodes: { slug: string }[] }>;
      return {
        places: places?.nodes
          .map(({ slug }) => slug)
          .filter((slug) => slug.startsWith('p'))
          .sort(),
        offices: offices?.nodes.map(({ slug }) => slug),
      };
    };
    for (const [latitude, longitude, radius] of [
      [10, 180, 3000],
      [89, 0, 600],
      [-60, -170, 4000],
      [0, 0, 2500],
      [90, 0, 500],
    ] as const) {
      const { places } = await near(latitude, longitude, radius);
      const expected = points
        .filter((point) => kilometres(point, { latitude, longitude }) <= radius)
        .map(({ slug }) => slug)
        .sort();
      expect(expected.length).toBeGreaterThan(0);
      expect(places, `${latitude} ${longitude}`).toEqual(expected);
    }
    expect((await near(10, 180, 50)).offices?.sort()).toEqual(['of-place', 'own']);
    const within = async (place: string) => {
      const { data } = await base.execute(
        `{ offices(filter: { within: ["${place}"] }) { nodes { slug } } }`,
      );
      return (data?.['offices'] as { nodes: { slug: string }[] }).nodes
        .map(({ slug }) => slug)
        .sort();
    };
    expect(await within('land')).toEqual(['far', 'of-place', 'own']);
    expect(await within('city')).toEqual(['far', 'of-place']);
    expect(await within('nowhere')).toEqual([]);
    const bad = { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] };
    const execute = (circle: string) =>
      base.execute(`{ places(filter: { near: { ${circle} } }) { totalCount } }`);
    expect(await execute('latitude: 91, longitude: 0, radiusKm: 1')).toMatchObject({
      errors: [{ message: 'filter.near.latitude must be from -90 to 90, but is 91' }],
    });
    expect(await execute('latitude: 0, longitude: -181, radiusKm: 1')).toMatchObject(bad);
    expect(await execute('latitude: 0, longitude: 0, radiusKm: 0')).toMatchObject(bad);
    expect(await execute('latitude: 0, longitude: 0, radiusKm: 30000')).toMatchObject(bad);
  });
});

interface Node {
  status?: string;
  kind?: string;
  saidOn?: string | null;
  organization?: { slug: string };
  speaker?: { slug: string };
  about?: { slug: string }[];
  article?: { publisher: { slug: string } | null };
}

interface Point {
  latitude: number;
  longitude: number;
}

/** The spherical law of cosines: another formula than the database's. */
function kilometres(a: Point, b: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const cosine =
    Math.sin(radians(a.latitude)) * Math.sin(radians(b.latitude)) +
    Math.cos(radians(a.latitude)) *
      Math.cos(radians(b.latitude)) *
      Math.cos(radians(a.longitude - b.longitude));
  return 6371.0088 * Math.acos(Math.min(1, Math.max(-1, cosine)));
}
