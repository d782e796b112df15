import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { sizeOfNeighbourhood } from '../../../src/knowledge/discovery/paths/neighbours.js';
import { fillWithSample } from '../../../src/knowledge/exchange/dossier/sample.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../../support/knowledgeBase.js';

interface Step {
  from: { slug: string };
  to: { slug: string };
  relation: string;
}

interface PathResult {
  outcome: string;
  length: number | null;
  isShortest: boolean;
  chains: { steps: Step[] }[];
}

const query = `query ($from: ID!, $to: ID!, $maxLength: Int, $first: Int, $via: [Relation!], $asOf: PartialDate) {
  path(from: $from, to: $to, maxLength: $maxLength, first: $first, via: $via, asOf: $asOf) {
    outcome length isShortest
    chains { steps { from { slug } to { slug } relation } }
  }
}`;

async function connect(
  base: KnowledgeBase,
  from: string,
  to: string,
  more: object = {},
): Promise<PathResult> {
  const { data, errors } = await base.execute(query, { from, to, ...more });
  expect(errors).toBeUndefined();
  return data?.['path'] as PathResult;
}

/** `bob -POSITION- acme`, one text for each chain. */
const chainTexts = ({ chains }: PathResult): string[] =>
  chains.map(({ steps }) =>
    steps.reduce(
      (text, { relation, to }) => `${text} -${relation}- ${to.slug}`,
      steps[0]?.from.slug ?? '',
    ),
  );

describeOnEachDatabase('paths', ({ engine, open }) => {
  it('connect two entities of the sample, with the articles that show it', async () => {
    const database = await open();
    await fillWithSample(database);
    const base = knowledgeBase(database);
    const { data } = await base.execute(
      '{ path(from: "yoshimasa-hayashi", to: "nato", maxLength: 4) { length steps { from { name } relation to { name } references(first: 1) { nodes { article { title } } } } } }',
    );
    const { length, steps } = data?.['path'] as {
      length: number;
      steps: { from: { name: string }; to: { name: string }; references: { nodes: unknown[] } }[];
    };
    expect(length).toBe(steps.length);
    expect(steps[0]?.from.name).toBe('Yoshimasa Hayashi');
    expect(steps.at(-1)?.to.name).toBe('NATO');
    steps.slice(1).forEach(({ from }, i) => expect(from).toEqual(steps[i]?.to));
    expect(steps.flatMap(({ references }) => references.nodes)).not.toEqual([]);
  });

  describe('in a knowledge base of its own', () => {
    let base: KnowledgeBase;
    let database: Database;
    beforeAll(async () => {
      database = await open();
      base = knowledgeBase(database);
      await base.importDossier(`
        organizations:
          - { slug: acme, name: Acme, kind: ALLIANCE }
          - { slug: bureau, name: Bureau, kind: MINISTRY, parent: land }
          - { slug: land, name: Land, kind: STATE, home: country }
          - { slug: forum, name: Forum, kind: ALLIANCE }
          - { slug: island, name: Island, kind: STATE }
        people: [{ slug: ann, name: Ann }, { slug: bob, name: Bob }, { slug: cy, name: Cy }]
        places:
          - { slug: country, name: Country, kind: COUNTRY }
          - { slug: town, name: Town, kind: CITY, within: country }
        offices: [{ slug: post, name: Post, kind: LIAISON, organization: acme, place: town, accreditedTo: land }]
        positions:
          - { person: ann, organization: bureau, title: Minister, kind: MINISTER, start: 2020, end: 2021 }
          - { person: bob, organization: acme, title: Chair, kind: HEAD_OF_ORGANIZATION, start: 2019 }
        memberships:
          - { member: land, organization: forum, role: MEMBER }
          - { member: acme, organization: forum, role: PARTNER }
        articles:
          - { slug: news, title: News, publishedOn: 2022-03-01, body: Island and Cy met., mentions: [{ entity: island, as: [Island] }, { entity: cy, as: [Cy] }] }
        statements:
          - { article: news, speaker: cy, kind: INDIRECT, text: On Bob., about: [bob], saidOn: 2022-02 }
      `);
    });

    it('describe each step, in the direction of the path', async () => {
      const { data } = await base.execute(`{
        path(from: "ann", to: "land") {
          outcome length
          steps { from { slug } relation isInverse to { slug } start end fact { __typename ... on Position { title } } }
        }
      }`);
      expect(data).toEqual({
        path: {
          outcome: 'FOUND',
          length: 2,
          steps: [
            {
              from: { slug: 'ann' },
              relation: 'POSITION',
              isInverse: false,
              to: { slug: 'bureau' },
              start: '2020',
              end: '2021',
              fact: { __typename: 'Position', title: 'Minister' },
            },
            {
              from: { slug: 'bureau' },
              relation: 'PARENT',
              isInverse: false,
              to: { slug: 'land' },
              start: null,
              end: null,
              fact: { __typename: 'Organization' },
            },
          ],
        },
      });
      expect(chainTexts(await connect(base, 'land', 'ann'))).toEqual([
        'land -PARENT- bureau -POSITION- ann',
      ]);
    });

    it('are the shortest, up to the number wanted, in the same order each time', async () => {
      const two = await connect(base, 'forum', 'country', { first: 5 });
      expect(two).toMatchObject({ length: 2, isShortest: true });
      expect(chainTexts(two)).toEqual(['forum -MEMBERSHIP- land -HOME- country']);
      const several = await connect(base, 'forum', 'post', { first: 5 });
      expect(chainTexts(several).sort()).toEqual([
        'forum -MEMBERSHIP- acme -OFFICE- post',
        'forum -MEMBERSHIP- land -ACCREDITATION- post',
      ]);
      const [first] = chainTexts(several);
      expect(chainTexts(await connect(base, 'forum', 'post'))).toEqual(
        chainTexts({ ...several, chains: several.chains.slice(0, 1) }),
      );
      expect(first).toBeDefined();
    });

    it('lead through offices, by whom they stand and with whom they deal', async () => {
      expect(chainTexts(await connect(base, 'acme', 'land'))).toEqual([
        'acme -ACCREDITATION- land',
      ]);
      expect(chainTexts(await connect(base, 'acme', 'town'))).toEqual(['acme -OFFICE- town']);
      expect(chainTexts(await connect(base, 'post', 'town'))).toEqual(['post -OFFICE- town']);
    });

    it('keep to the given relations and time', async () => {
      expect(chainTexts(await connect(base, 'acme', 'land', { via: ['MEMBERSHIP'] }))).toEqual([
        'acme -MEMBERSHIP- forum -MEMBERSHIP- land',
      ]);
      expect(await connect(base, 'ann', 'bureau', { asOf: '2020-06' })).toMatchObject({
        length: 1,
      });
      expect(await connect(base, 'ann', 'bureau', { asOf: '2022' })).toMatchObject({
        outcome: 'NONE',
        length: null,
        chains: [],
      });
      expect(await connect(base, 'cy', 'bob', { asOf: '2022-02-10' })).toMatchObject({ length: 1 });
      expect(await connect(base, 'cy', 'bob', { asOf: '2021' })).toMatchObject({ outcome: 'NONE' });
    });

    it('count a mention in one article only when it is included', async () => {
      expect(await connect(base, 'cy', 'island')).toMatchObject({ outcome: 'NONE' });
      expect(chainTexts(await connect(base, 'cy', 'island', { via: ['CO_MENTION'] }))).toEqual([
        'cy -CO_MENTION- island',
      ]);
      const { data } = await base.execute(
        '{ path(from: "cy", to: "island", via: [CO_MENTION]) { steps { start fact { ... on Article { title } } references { totalCount } } } }',
      );
      expect(data).toEqual({
        path: {
          steps: [{ start: '2022-03-01', fact: { title: 'News' }, references: { totalCount: 0 } }],
        },
      });
    });

    it('end where they begin for an entity and itself, and at the length allowed', async () => {
      expect(await connect(base, 'ann', 'ann')).toMatchObject({
        outcome: 'FOUND',
        length: 0,
        chains: [{ steps: [] }],
      });
      expect(await connect(base, 'ann', 'land', { maxLength: 1 })).toMatchObject({
        outcome: 'NONE',
      });
    });

    it('reject invalid arguments', async () => {
      const bad = { extensions: { code: 'BAD_USER_INPUT' } };
      const execute = (args: string) => base.execute(`{ path(${args}) { length } }`);
      expect(await execute('from: "ann", to: "acme", maxLength: 7')).toMatchObject({
        errors: [{ message: 'maxLength must be from 1 to 6, but is 7', ...bad }],
      });
      expect(await execute('from: "ann", to: "acme", first: 0')).toMatchObject({ errors: [bad] });
      expect(await execute('from: "ann", to: "acme", via: []')).toMatchObject({ errors: [bad] });
      expect(await execute('from: "ann", to: "ORG_x"')).toMatchObject({ errors: [bad] });
    });

    it('are null for an unknown entity, like its neighbours', async () => {
      const { data, errors } = await base.execute(`{
        from: path(from: "unknown", to: "acme") { length }
        to: path(from: "acme", to: "unknown") { length }
        known: path(from: "acme", to: "acme") { length }
        neighbours(of: "unknown") { nodes { slug } }
      }`);
      expect(errors).toBeUndefined();
      expect(data).toEqual({ from: null, to: null, known: { length: 0 }, neighbours: null });
    });

    it('return the neighbours of an entity, and report how many they leave out', async () => {
      const { data } = await base.execute(`{
        all: neighbours(of: "acme") { nodes { slug } edges { from { slug } relation to { slug } } omitted { count } }
        some: neighbours(of: "acme", first: 2) { nodes { slug } omitted { node { slug } count countIsMinimum } }
        two: neighbours(of: "ann", depth: 2) { nodes { slug } edges { relation } }
      }`);
      const { all, some, two } = data as Record<
        string,
        { nodes: { slug: string }[]; edges: object[]; omitted: object[] }
      >;
      expect(all?.nodes[0]).toEqual({ slug: 'acme' });
      expect(all?.nodes.map(({ slug }) => slug).sort()).toEqual([
        'acme',
        'bob',
        'forum',
        'land',
        'post',
        'town',
      ]);
      expect(all?.omitted).toEqual([]);
      expect(all?.edges).toHaveLength(5);
      expect(some?.nodes).toHaveLength(3);
      expect(some?.omitted).toEqual([{ node: { slug: 'acme' }, count: 3, countIsMinimum: false }]);
      expect(two?.nodes.map(({ slug }) => slug)).toEqual(['ann', 'bureau', 'land']);
      expect(two?.edges).toHaveLength(2);
    });

    it('are no more than what they cost', async () => {
      const large = knowledgeBase(await open());
      const member = (i: number) => `m-${i}`;
      const organizations = [
        { slug: 'hub', name: 'Hub', kind: 'OTHER' },
        ...Array.from({ length: 40 }, (_, i) => ({
          slug: member(i),
          name: `Member ${i}`,
          kind: 'OTHER',
        })),
      ];
      const people = Array.from({ length: 40 * 40 }, (_, i) => ({
        slug: `p-${i}`,
        name: `Person ${i}`,
      }));
      const positions = people.flatMap(({ slug }, i) => [
        { person: slug, organization: member(i % 40), title: 'Chair', kind: 'OTHER' },
        // Connections of what is drawn already.
        ...(i % 20 === 0
          ? [{ person: slug, organization: 'hub', title: `Adviser ${i}`, kind: 'OTHER' }]
          : []),
      ]);
      const memberships = Array.from({ length: 40 }, (_, i) => ({
        member: member(i),
        organization: 'hub',
        role: 'MEMBER',
      }));
      await large.importDossier(JSON.stringify({ organizations, people, positions, memberships }));
      for (const first of [1, 5, 20, 50]) {
        for (const depth of [1, 2]) {
          const { data, errors } = await large.execute(
            `{ neighbours(of: "hub", depth: ${depth}, first: ${first}) { nodes { slug } edges { relation } omitted { count } } }`,
          );
          expect(errors).toBeUndefined();
          const { nodes, edges, omitted } = data?.['neighbours'] as {
            nodes: object[];
            edges: object[];
            omitted: { count: number }[];
          };
          const most = sizeOfNeighbourhood(depth, first);
          expect(most).toBeLessThanOrEqual(1000);
          expect(nodes.length, `${depth} ${first}`).toBeLessThanOrEqual(most);
          expect(edges.length, `${depth} ${first}`).toBeLessThanOrEqual(most);
          expect(nodes.length).toBeGreaterThan(first);
          expect(omitted.every(({ count }) => count > 0)).toBe(true);
        }
      }
    });

    it('never lead through what readers may not see', async () => {
      expect(await connect(base, 'bob', 'acme')).toMatchObject({ length: 1 });
      await database.db.execute(sql`update position set status = 'DRAFT' where title = 'Chair'`);
      expect(await connect(base, 'bob', 'acme', { maxLength: 6 })).toMatchObject({
        outcome: 'NONE',
      });
      await database.db.execute(sql`update entity set status = 'DRAFT' where slug = 'bureau'`);
      expect(await connect(base, 'ann', 'land', { maxLength: 6 })).toMatchObject({
        outcome: 'NONE',
      });
    });
  });

  it('lead through events in which both took part', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const crowd = Array.from({ length: 300 }, (_, i) => `guest-${i}`);
    await base.importDossier(`
      cite: report
      articles: [{ slug: report, title: Report, body: Egon met Ilse in Linz. All came to the assembly. }]
      people: [{ slug: egon, name: Egon }, { slug: ilse, name: Ilse }, { slug: uwe, name: Uwe }, ${crowd.map((slug) => `{ slug: ${slug}, name: ${slug} }`).join(', ')}]
      events:
        - { slug: talks, name: Talks, kind: MEETING, start: 2019-05, participants: [egon, ilse], references: [{ exact: Egon met Ilse in Linz }] }
        - { slug: assembly, name: Assembly, kind: CONFERENCE, start: 2020, end: 2021, participants: [ilse, ${crowd.join(', ')}] }
        - { slug: dinner, name: Dinner, kind: MEETING, participants: [guest-299, uwe] }`);
    const steps = `steps { from { slug } relation isInverse to { slug } start end
      fact { __typename ... on Event { name } } references { nodes { exact } } }`;
    for (const [from, to] of [
      ['egon', 'ilse'],
      ['ilse', 'egon'],
    ]) {
      const { data, errors } = await base.execute(
        `{ path(from: "${from}", to: "${to}") { ${steps} } }`,
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        path: {
          steps: [
            {
              from: { slug: from },
              relation: 'EVENT',
              isInverse: false,
              to: { slug: to },
              start: '2019-05',
              end: null,
              fact: { __typename: 'Event', name: 'Talks' },
              references: { nodes: [{ exact: 'Egon met Ilse in Linz' }] },
            },
          ],
        },
      });
    }
    expect(chainTexts(await connect(base, 'egon', 'uwe'))).toEqual([
      'egon -EVENT- ilse -EVENT- guest-299 -EVENT- uwe',
    ]);
    const execute = (date: string, certainty: string) =>
      base.execute(
        `{ path(from: "ilse", to: "guest-7", asOf: "${date}", certainty: ${certainty}) { length }
          neighbours(of: "ilse", first: 5, asOf: "${date}", certainty: ${certainty}) { edges { relation } omitted { count } } }`,
      );
    expect((await execute('2020', 'CERTAINLY')).data).toMatchObject({
      path: { length: 1 },
      neighbours: { edges: Array.from({ length: 5 }, () => ({ relation: 'EVENT' })) },
    });
    expect((await execute('2020-03', 'POSSIBLY')).data).toMatchObject({ path: { length: 1 } });
    expect((await execute('2020-03', 'CERTAINLY')).data).toMatchObject({ path: { length: null } });
  });

  it('agree with a search that looks at everything, on random graphs', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const random = generator(7);
    const count = 40;
    const names = Array.from({ length: count }, (_, i) => `o${i}`);
    const pairs = new Map<string, [number, number]>();
    for (let i = 0; i < 48; i++) {
      const [a, b] = [random(count), random(count)];
      if (a !== b) pairs.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [a, b]);
    }
    await base.importDossier(`
organizations:
${names.map((slug) => `  - { slug: ${slug}, name: ${slug}, kind: OTHER }`).join('\n')}
memberships:
${[...pairs.values()].map(([a, b]) => `  - { member: o${a}, organization: o${b}, role: MEMBER }`).join('\n')}`);
    const near = names.map((_, n) =>
      [...pairs.values()].flatMap(([a, b]) => (a === n ? [b] : b === n ? [a] : [])),
    );
    // The statements are the same on both databases, and PGlite takes three times as long.
    const searches = engine === 'PGlite' ? 15 : 60;
    for (let i = 0; i < searches; i++) {
      const [from, to] = [random(count), random(count)];
      const { length, count: chains } = simplest(near, from, to, 5);
      const answer = await connect(base, `o${from}`, `o${to}`, { maxLength: 5, first: 20 });
      expect(answer, `o${from} to o${to}`).toMatchObject({
        length,
        outcome: length === null ? 'NONE' : 'FOUND',
      });
      expect(answer.chains, `o${from} to o${to}`).toHaveLength(Math.min(20, chains));
      expect(new Set(chainTexts(answer)).size).toBe(answer.chains.length);
    }
  });

  it('do not stall at hubs', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    await base.importDossier(`
organizations: [{ slug: hub, name: Hub, kind: STATE }, { slug: hub2, name: Hub 2, kind: STATE }]
people: [{ slug: ann, name: Ann }, { slug: bob, name: Bob }, { slug: cy, name: Cy }]
positions:
  - { person: ann, organization: hub, title: A, kind: OTHER }
  - { person: bob, organization: hub, title: B, kind: OTHER }`);
    // Many others, half of them in each hub and none in both.
    await database.db.execute(sql`
      with made as (
        insert into entity (id, type, slug, name, sort_name)
        select gen_random_uuid(), 'PERSON', 'p' || n, 'P' || n, 'p' || n from generate_series(1, 6000) n
        returning id, sort_name, live, slug),
      people as (insert into person (id, sort_name, live) select id, sort_name, live from made returning id)
      select count(*) from people`);
    await database.db.execute(sql`
      insert into position (id, person_id, organization_id, title, kind)
      select gen_random_uuid(), p.id, o.id, 'Member', 'OTHER'
      from entity p join entity o on o.slug = case when right(p.slug, 1) < '5' then 'hub' else 'hub2' end
      where p.type = 'PERSON' and p.slug like 'p%'`);
    expect(chainTexts(await connect(base, 'ann', 'bob'))).toEqual([
      'ann -POSITION- hub -POSITION- bob',
    ]);
    expect(await connect(base, 'ann', 'cy')).toMatchObject({ outcome: 'NONE' });
    expect(await connect(base, 'hub', 'hub2')).toMatchObject({
      outcome: 'BUDGET_EXCEEDED',
      length: null,
    });
  });
});

/** The length of the shortest way and how many there are, by looking at all. */
function simplest(
  near: number[][],
  from: number,
  to: number,
  most: number,
): { length: number | null; count: number } {
  let ways = new Map([[from, 1]]);
  const seen = new Set<number>();
  for (let length = 0; length <= most; length++) {
    const count = ways.get(to);
    if (count !== undefined) return { length, count };
    const next = new Map<number, number>();
    for (const n of ways.keys()) seen.add(n);
    for (const [n, number] of ways) {
      for (const other of near[n] ?? [])
        if (!seen.has(other)) next.set(other, (next.get(other) ?? 0) + number);
    }
    ways = next;
  }
  return { length: null, count: 0 };
}

/** Numbers below a limit, the same ones for a seed. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * limit);
  };
}
