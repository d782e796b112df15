import { isObjectType } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { createSchema } from '../../src/graph/schema.js';
import { fillWithSample } from '../../src/knowledge/exchange/dossier/sample.js';
import { exportRecords, findRecord } from '../../src/knowledge/exchange/stream/export.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { listQueries } from '../support/schemaQueries.js';
import { make, mutate, errorFields } from './support.js';

const schema = createSchema();

const slugs = {
  Organization: 'nato',
  Person: 'jens-stoltenberg',
  Office: 'nato-liaison-office-tokyo',
  Place: 'tokyo',
  Article: 'nato-to-open-first-asian-office-in-japan',
  Event: 'none',
};

const others = [
  '{ search(query: "zzsecret japan") { totalCount nodes { score node { id } } facets { recordTypes { count } } } }',
  '{ search(query: "japan") { totalCount nodes { node { id } } } }',
  '{ suggest(prefix: "zz") { text } }',
  '{ stats { articles statements offices people organizations } }',
  '{ path(from: "jens-stoltenberg", to: "quad", maxLength: 4) { outcome length steps { to { name } } } }',
  '{ neighbours(of: "nato", depth: 2) { nodes { name } edges { relation } } }',
  '{ timeline(of: "nato", first: 100) { totalCount nodes { date kind } } }',
  '{ organization(slug: "nato") { offices { groups(by: [KIND, COUNTRY]) { count } } statementsAbout { groups(by: [SUBJECT]) { count } } timeline { totalCount } } }',
  '{ person(slug: "zzsecret-person") { name } entity(slug: "zzsecret-org") { name } article(slug: "zzsecret-article") { title } event(slug: "zzsecret-event") { name } }',
  '{ entityByIdentifier(scheme: "wikidata", value: "Q999") { name } }',
  '{ path(from: "zzsecret-person", to: "nato") { length } }',
  '{ timeline(of: "zzsecret-org") { totalCount } }',
  '{ statements(filter: { about: ["zzsecret-org"] }) { totalCount } offices(filter: { organization: ["zzsecret-org"] }) { totalCount } }',
];

describeOnEachDatabase('what each role sees', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  const queries = [...listQueries(schema, slugs).map(({ query }) => query), ...others];
  const answers = new Map<string, string>();
  let linkedData: string;
  const ids: string[] = [];
  beforeAll(async () => {
    database = await open();
    await fillWithSample(database);
    base = knowledgeBase(database);
    for (const query of queries) {
      const answer = await base.execute(query);
      expect(answer.errors, query).toBeUndefined();
      answers.set(query, JSON.stringify(answer));
    }
    linkedData = await linked(database);
    const draft = async (type: string, input: string) => {
      const { id } = await make<{ id: string }>(base, type, input, { fields: 'id', isDraft: true });
      ids.push(id);
    };
    await draft(
      'Article',
      `{ slug: "zzsecret-article", title: "Zzsecret Japan", publisher: "nikkei-asia", publishedOn: "2023-05",
         body: "Zzsecret words about NATO and Jens Stoltenberg.", mentions: [{ entity: "nato" }, { entity: "jens-stoltenberg" }] }`,
    );
    await draft(
      'Organization',
      '{ slug: "zzsecret-org", name: "Zzsecret Org", kind: OTHER, parent: "nato", home: "japan-territory", identifiers: [{ scheme: "wikidata", value: "Q999" }] }',
    );
    await draft('Person', '{ slug: "zzsecret-person", name: "Zzsecret Person" }');
    await draft(
      'Place',
      '{ slug: "zzsecret-place", name: "Zzsecret Place", kind: CITY, within: "tokyo" }',
    );
    await draft(
      'Office',
      '{ slug: "zzsecret-office", name: "Zzsecret Office", organization: "nato", kind: LIAISON, place: "tokyo", accreditedTo: "japan", statuses: [{ status: OPEN, start: "2023" }] }',
    );
    await draft(
      'Event',
      '{ slug: "zzsecret-event", name: "Zzsecret Event", kind: MEETING, place: "tokyo", start: "2023", participants: ["nato", "jens-stoltenberg"] }',
    );
    await draft(
      'Position',
      '{ person: "jens-stoltenberg", organization: "quad", title: "Zzsecret Chair", kind: OTHER, start: "2023" }',
    );
    await draft(
      'Membership',
      '{ member: "nato", organization: "quad", role: OBSERVER, start: "2023" }',
    );
    await draft(
      'Statement',
      `{ article: "nato-to-open-first-asian-office-in-japan", speaker: "jens-stoltenberg", kind: INDIRECT, text: "Zzsecret text", about: ["nato", "japan"], saidOn: "2023" }`,
    );
    // Published records that rest on a draft, or name one.
    const { data } = await base.executeAs(
      'EDITOR',
      '{ nato: organization(slug: "nato") { id } quad: organization(slug: "quad") { id } }',
    );
    const { nato, quad } = data as Record<'nato' | 'quad', { id: string }>;
    for (const call of [
      `cite(input: { target: "${nato.id}", article: "zzsecret-article", exact: "NATO" })`,
      `updateOrganization(id: "${quad.id}", input: { parent: "zzsecret-org" })`,
    ]) {
      expect(
        await mutate(base, `mutation { ${call} { __typename ${errorFields} } }`),
      ).not.toHaveProperty('message');
    }
    // A fact of a draft that rests on another.
    await make(
      base,
      'Position',
      `{ person: "zzsecret-person", organization: "nato", title: "Zzsecret Post", kind: OTHER,
         references: [{ article: "zzsecret-article", exact: "Zzsecret words" }] }`,
      { fields: 'id' },
    );
  });

  it('omits drafts from linked data and public exports', async () => {
    expect(await linked(database)).toBe(linkedData);
    for (const [space, name] of [
      ['entity', 'org'],
      ['entity', 'person'],
      ['article', 'article'],
      ['event', 'event'],
    ] as const) {
      expect(await findRecord(database, space, `zzsecret-${name}`)).toBeUndefined();
    }
    const exported: string[] = [];
    await exportRecords(database, (lines) => void exported.push(...lines), { publicOnly: true });
    expect(exported.filter((line) => /zzsecret/i.test(line))).toEqual([]);
  });

  it.each(['READER', undefined] as const)(
    'drafts leave no trace in any answer to %s',
    async (role) => {
      for (const query of queries) {
        const answer = role ? await base.executeAs(role, query) : await base.execute(query);
        expect(JSON.stringify(answer), query).toBe(answers.get(query));
      }
      const nodes = `{ nodes(ids: ${JSON.stringify(ids)}) { id } }`;
      const seen = role ? await base.executeAs(role, nodes) : await base.execute(nodes);
      expect(seen).toEqual({ data: { nodes: ids.map(() => null) } });
    },
  );

  it.each(['EDITOR', 'ADMIN'] as const)('%s sees them', async (role) => {
    const nodes = `{ nodes(ids: ${JSON.stringify(ids)}) { id } }`;
    expect((await base.executeAs(role, nodes)).data).toEqual({ nodes: ids.map((id) => ({ id })) });
    const { data } = await base.executeAs(
      role,
      `{ organization(slug: "nato") { offices(filter: { place: ["tokyo"] }) { nodes { slug } } children { nodes { slug } } }
         person(slug: "jens-stoltenberg") { positions(filter: { organization: ["quad"] }) { nodes { title publicationStatus } } } }`,
    );
    expect(data).toEqual({
      organization: {
        offices: { nodes: [{ slug: 'nato-liaison-office-tokyo' }, { slug: 'zzsecret-office' }] },
        children: {
          nodes: [{ slug: 'nato-japan-partnership-programme' }, { slug: 'zzsecret-org' }],
        },
      },
      person: {
        positions: { nodes: [{ title: 'Zzsecret Chair', publicationStatus: 'DRAFT' }] },
      },
    });
    expect((await base.executeAs(role, '{ reviewQueue { totalCount } }')).data).toEqual({
      reviewQueue: { totalCount: ids.length },
    });
  });

  it('denies readers history and the review queue', async () => {
    const query =
      '{ reviewQueue { totalCount } organization(slug: "nato") { history { totalCount } } }';
    const codes = async (answer: Promise<{ errors?: { extensions?: object }[] }>) =>
      (await answer).errors?.map(({ extensions }) => extensions);
    expect(await codes(base.execute(query))).toMatchObject([
      { code: 'UNAUTHENTICATED' },
      { code: 'UNAUTHENTICATED' },
    ]);
    expect(await codes(base.executeAs('READER', query))).toMatchObject([
      { code: 'FORBIDDEN' },
      { code: 'FORBIDDEN' },
    ]);
    expect((await base.executeAs('EDITOR', query)).errors).toBeUndefined();
  });

  it('only admins erase', async () => {
    const { data } = await base.execute('{ person(slug: "jens-stoltenberg") { id } }');
    const { id } = data?.['person'] as { id: string };
    const erase = `mutation { erase(id: "${id}", reason: ERROR, dryRun: true) { __typename } }`;
    expect((await base.executeAs('EDITOR', erase)).errors).toMatchObject([
      { message: 'erase is for admins; editor is none', extensions: { code: 'FORBIDDEN' } },
    ]);
    expect((await base.execute(erase)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect((await base.executeAs('ADMIN', erase)).data).toEqual({
      erase: { __typename: 'ErasurePayload' },
    });
  });

  it('denies readers every mutation', async () => {
    const mutation = schema.getMutationType();
    expect(isObjectType(mutation)).toBe(true);
    const fields = Object.values(mutation?.getFields() ?? {});
    expect(fields.length).toBeGreaterThan(35);
    for (const { name, args } of fields) {
      const given = args
        .filter(({ type }) => String(type).endsWith('!'))
        .map(({ name: argument, type }) => `$${argument}: ${String(type)}`);
      const passed = args
        .filter(({ type }) => String(type).endsWith('!'))
        .map(({ name: argument }) => `${argument}: $${argument}`);
      const values: Record<string, unknown> = {};
      for (const { name: argument, type } of args) values[argument] = sampleOf(String(type), name);
      const call = `mutation (${given.join(', ')}) { ${name}(${passed.join(', ')}) { __typename } }`;
      const answer = await base.executeAs('READER', call, values);
      expect(answer.errors?.[0], `${name}: ${JSON.stringify(answer)}`).toMatchObject({
        extensions: { code: 'FORBIDDEN' },
      });
    }
  });
});

/** What `/entity/{slug}` and the like have of records that are connected with many. */
const linked = async (database: Database): Promise<string> =>
  JSON.stringify(
    await Promise.all([
      ...['nato', 'quad', 'jens-stoltenberg', 'nato-liaison-office-tokyo', 'tokyo', 'japan'].map(
        (slug) => findRecord(database, 'entity', slug),
      ),
      findRecord(database, 'article', 'nato-to-open-first-asian-office-in-japan'),
    ]),
    (name, value: unknown) => (name === 'updatedAt' ? undefined : value),
  );

const inputs: Record<string, object> = {
  Organization: { name: 'X', kind: 'OTHER' },
  Person: { name: 'X' },
  Office: { name: 'X', kind: 'OTHER', organization: 'nato' },
  Place: { name: 'X', kind: 'CITY' },
  Article: { title: 'X' },
  Event: { name: 'X', kind: 'OTHER' },
  Position: { person: 'x', organization: 'x', title: 'X', kind: 'OTHER' },
  Membership: { member: 'x', organization: 'x', role: 'MEMBER' },
  Statement: { article: 'x', speaker: 'x', kind: 'DIRECT', text: 'X' },
};

/** Some value of an argument's type. */
function sampleOf(type: string, mutation: string): unknown {
  if (type === 'ID!' || type === 'String!') return 'x';
  if (type === 'Int!') return 1;
  if (type.startsWith('Cite')) return { target: 'x', article: 'x' };
  if (type.startsWith('Create')) return inputs[mutation.replace(/^(create|upsert)/, '')];
  if (type === 'ErasureReason!') return 'ERROR';
  if (type.startsWith('[BatchOperation')) return [{ withdraw: 'x' }];
  return {};
}
