import {
  getIntrospectionQuery,
  getOperationAST,
  parse,
  type GraphQLInputObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../../src/graph/schema.js';
import { organizationListing } from '../../../src/graph/organization.js';
import { organizations } from '../../../src/knowledge/model/organization.js';
import { personListing } from '../../../src/graph/person.js';
import { people } from '../../../src/knowledge/model/person.js';
import { officeListing } from '../../../src/graph/office.js';
import { offices } from '../../../src/knowledge/model/office.js';
import { placeListing } from '../../../src/graph/place.js';
import { places } from '../../../src/knowledge/model/place.js';
import { positionListing } from '../../../src/graph/position.js';
import { positions } from '../../../src/knowledge/model/position.js';
import { membershipListing } from '../../../src/graph/membership.js';
import { memberships } from '../../../src/knowledge/model/membership.js';
import { eventListing } from '../../../src/graph/event.js';
import { events } from '../../../src/knowledge/model/event.js';
import { articleListing } from '../../../src/graph/article.js';
import { articles } from '../../../src/knowledge/model/article.js';
import { statementListing } from '../../../src/graph/statement.js';
import { statements } from '../../../src/knowledge/model/statement.js';
import { readerExamples } from '../../../src/server/http/graphiql/examples.js';
import { costOf } from '../../../src/server/admission/complexity/cost.js';
import { defaultLimits } from '../../../src/server/admission/limits.js';
import { shapeOf } from '../../../src/server/admission/complexity/shape.js';
import { execute, servedEndpoint } from '../../support/endpoint.js';
import { hosted } from '../../support/hosted.js';
import { examplesIn } from '../../support/manual.js';

const schema = createSchema();

function cost(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  return costOf(schema, document, getOperationAST(document)!)(variables);
}

describe('the cost of a mutation', () => {
  const batch = (fields: string, count: number) =>
    cost(
      `mutation ($operations: [BatchOperation!]!) { batch(operations: $operations) { ... on BatchPayload { ${fields} } } }`,
      { operations: Array.from({ length: count }, () => ({ delete: { id: 'x' } })) },
    );

  it('grows with what is read of each operation of a batch', () => {
    const read = (count: number) =>
      batch('payloads { record { history(first: 10) { nodes { id } } } }', count) -
      batch('changeId', count);
    expect(read(1)).toBeGreaterThan(10);
    expect(read(100)).toBe(100 * read(1));
  });

  it('counts all records that undo may return', () => {
    const undo = (fields: string) =>
      cost(`mutation { undo(changeId: "CHG_x") { ... on UndoPayload { ${fields} } } }`);
    expect(undo('payloads { record { id } }') - undo('changeId')).toBeGreaterThanOrEqual(200);
  });
});

describe('the cost of a query', () => {
  it.each([
    ['nothing read', '{ __typename }', 0],
    ['a record', '{ organization(slug: "nato") { name urls } }', 1],
    ['a record of a record', '{ office(slug: "x") { place { country { name } } } }', 3],
    ['a page, with the list itself', '{ organizations { nodes { name } } }', 21],
    ['a page of a size', '{ organizations(first: 100) { nodes { name } } }', 101],
    ['a page from the end', '{ organizations(last: 5) { nodes { name } } }', 6],
    ['an empty page', '{ organizations(first: 0) { nodes { name } } }', 1],
    ['a count of all there are', '{ organizations { totalCount } }', 101],
    [
      'the same by a fragment',
      '{ organizations { ...c } } fragment c on OrganizationConnection { totalCount }',
      101,
    ],
    [
      'a count within a page',
      '{ organizations(first: 10) { nodes { offices { totalCount } } } }',
      1 + 10 * (1 + 1 + 2),
    ],
    ['all there are, counted by kind', '{ offices { groups(by: [KIND]) { count } } }', 601],
    ['how many kinds there are', '{ offices { groupCount(by: [KIND]) } }', 501],
    ['by each further key', '{ offices { groupCount(by: [KIND, STATUS]) } }', 1001],
    ['by one key, without a list', '{ offices { groupCount(by: KIND) } }', 501],
    [
      'those of a list within a page',
      '{ organizations(first: 10) { nodes { offices { groupCount(by: [KIND]) } } } }',
      1 + 10 * (1 + 1 + 100),
    ],
    [
      'items by kind, within a page',
      '{ organizations(first: 10) { nodes { offices { groups(by: [KIND], first: 3) { count } } } } }',
      1 + 10 * (1 + 1 + 100 + 3),
    ],
    ['edges, which are objects too', '{ organizations(first: 3) { edges { node { name } } } }', 7],
    [
      'pages within pages',
      '{ organizations(first: 10) { nodes { offices(first: 10) { nodes { name } } } } }',
      1 + 10 * (1 + (1 + 10)),
    ],
    ['a list without pages, as five', '{ organization(slug: "nato") { names { name } } }', 6],
    ['records by id', '{ nodes(ids: ["a", "b", "c"]) { id } }', 3],
    ['the body of an article, which may fill pages', '{ article(slug: "x") { body } }', 21],
    ['bodies in a list', '{ articles(first: 100) { nodes { body } } }', 2101],
    [
      'bodies under aliases',
      '{ articles(first: 10) { nodes { a: body b: body ...f } } } fragment f on Article { c: body }',
      1 + 10 * (1 + 3 * 21),
    ],
    [
      'texts of a sentence or some, half an object each',
      '{ statements(first: 10) { nodes { text occasion references(first: 2) { nodes { exact prefix } } } } }',
      1 + 10 * (1 + 1 + 1 + 2 * 2),
    ],
    ['half an object as a whole one', '{ person(slug: "x") { description } }', 2],
    [
      'changes, with what was there before',
      '{ article(slug: "x") { history(first: 3) { nodes { fields { before after } } } } }',
      1 + 1 + 3 * (1 + 5 * 41),
    ],
    [
      'passages of a search, each cut from a whole text',
      '{ search(query: "x", first: 3) { nodes { highlight passage { text } } } }',
      1001 + 3 * (1 + 20 + 21),
    ],
    ['values under an alias, which are written again', '{ stats { a: people b: people } }', 403],
    ['an alias, which is read again', '{ a: stats { people } b: stats { people } }', 802],
    ['a search, which is work', '{ search(query: "x", first: 2) { nodes { score } } }', 1003],
    [
      'a search for fourteen words, of which twelve are free',
      `{ search(query: "a b c d e f g h i j k l m n", first: 2) { nodes { score } } }`,
      1103,
    ],
    [
      'a search for fourteen words in a variable',
      `query ($q: String! = "a b c d e f g h i j k l m n") { search(query: $q, first: 2) { nodes { score } } }`,
      1103,
    ],
    ['a path', '{ path(from: "a", to: "b") { length } }', 2001],
    ['neighbours', '{ neighbours(of: "a") { omitted { count } } }', 500 + 1 + 20],
    [
      'two levels of them',
      '{ neighbours(of: "a", depth: 2) { omitted { count } } }',
      500 + 1 + 220,
    ],
    [
      'the most that there may be',
      '{ neighbours(of: "a", depth: 2, first: 50) { omitted { count } } }',
      500 + 1 + 1000,
    ],
    ['suggestions', '{ suggest(prefix: "x", first: 2) { text } }', 102],
    [
      'an erasure, or its dry run, which reads all texts',
      'mutation { erase(id: "x", reason: ERROR, dryRun: true) { __typename } }',
      1001,
    ],
    ['a timeline', '{ entity(slug: "x") { timeline(first: 2) { nodes { date } } } }', 304],
    [
      'timelines of many, which are short',
      '{ people(first: 10) { nodes { timeline(first: 2) { nodes { date } } } } }',
      1 + 10 * (1 + 100 + 1 + 2),
    ],
    [
      'a count of the list of one record, which may be long',
      '{ organization(slug: "x") { statements { totalCount } } }',
      102,
    ],
    [
      'a filter, which may read a whole list',
      '{ statements(first: 1, filter: { kind: [DIRECT] }) { nodes { id } } }',
      380 + 2,
    ],
    [
      'one by records whose lists have an index',
      '{ statements(first: 1, filter: { kind: [DIRECT], speaker: ["x"] }) { nodes { id } } }',
      20 + 2,
    ],
    [
      'one of the list of a record',
      '{ organization(slug: "x") { statements(first: 1, filter: { kind: [DIRECT] }) { nodes { id } } } }',
      1 + 100 + 2,
    ],
    [
      'those of lists within a list',
      '{ people(first: 10) { nodes { statements(filter: { kind: [DIRECT] }) { totalCount } } } }',
      1 + 10 * (1 + 3 + 1 + 2),
    ],
    ['no filter', '{ statements(first: 1, filter: null) { nodes { id } } }', 2],
    [
      'the past, which is three times the work',
      'query @asKnownAt(time: "2020-01-01T00:00:00Z") { statements(first: 1, filter: { kind: [DIRECT] }) { nodes { id } } }',
      3 * 382,
    ],
    [
      'all fields of a query about the past',
      'query @asKnownAt(time: "2020-01-01") { ...q stats { people } } fragment q on Query { stats2: stats { people } }',
      3 * 802,
    ],
    ['what is skipped', '{ organizations(first: 7) @skip(if: true) { nodes { name } } }', 8],
    ['what is not included', '{ organizations { nodes @include(if: false) { name } } }', 21],
    ['the schema, however much of it', getIntrospectionQuery(), 1000],
    [
      'fragments where they are spread',
      'query { people(first: 2) { ...P } } fragment P on PersonConnection { nodes { ... on Entity { names { name } } } }',
      1 + 2 * (1 + 5),
    ],
    ['what is not there', '{ nothing(first: 100) { name } }', 0],
  ])('counts %s', (_what, query, expected) => {
    expect(cost(query)).toBe(expected);
  });

  it.each([
    ['given', { n: 50 }, 51],
    ['not given', {}, 11],
    ['null', { n: null }, 21],
    ['too many, which is refused later', { n: 1_000_000 }, 1001],
    ['no number', { n: 'x' }, 21],
  ])('depends on variables: %s', (_what, variables, expected) => {
    const query = 'query ($n: Int = 10) { offices(first: $n) { nodes { name } } }';
    expect(cost(query, variables)).toBe(expected);
  });

  it.each([
    ['a filter', { f: { kind: ['DIRECT'] } }, 380 + 2],
    ['one by records', { f: { speaker: ['x'] } }, 20 + 2],
    ['none', {}, 2],
    ['null', { f: null }, 2],
  ])('depends on filters in variables: %s', (_what, variables, expected) => {
    const query =
      'query ($f: StatementFilter) { statements(first: 1, filter: $f) { nodes { id } } }';
    expect(cost(query, variables)).toBe(expected);
  });

  it('depends on what a filter holds in variables', () => {
    const query =
      'query ($s: [ID!]) { statements(first: 1, filter: { speaker: $s }) { nodes { id } } }';
    expect(cost(query, { s: ['x'] })).toBe(22);
    expect(cost(query)).toBe(382);
  });

  it('rejects queries that would read all records repeatedly for a few points', () => {
    const many = (count: number, field: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => `a${i}: ${field(i)}`).join(' ');
    const past = many(
      48,
      (i) => `statements(first: 1, filter: { saidOn: { from: "${1950 + i}" } }) { nodes { id } }`,
    );
    expect(cost(`query @asKnownAt(time: "2020-01-01") { ${past} }`)).toBeGreaterThan(
      defaultLimits.cost,
    );
    const counts = many(
      90,
      (i) => `statements(filter: { saidOn: { from: "${1930 + i}" } }) { totalCount }`,
    );
    expect(cost(`{ people(first: 100) { nodes { ${counts} } } }`)).toBeGreaterThan(
      defaultLimits.cost,
    );
  });

  it('counts ids in variables', () => {
    expect(cost('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b'] })).toBe(2);
  });

  it('is calculated without walking through fragments that double forty times, with variables', () => {
    const fragments = Array.from(
      { length: 40 },
      (_, i) =>
        `fragment F${i} on Organization { a: offices(first: $n) { nodes { organization { ...F${i + 1} } } } b: offices(first: $n) { nodes { organization { ...F${i + 1} } } } }`,
    ).join(' ');
    const query = `query ($n: Int) { organization(slug: "x") { ...F0 } } ${fragments} fragment F40 on Organization { name }`;
    // Walking through each of them would take years.
    expect(cost(query, { n: 2 })).toBeGreaterThan(1e12);
  });
});

describe('what is known to narrow a filter', () => {
  it.each([
    ['OrganizationFilter', organizationListing, organizations],
    ['PersonFilter', personListing, people],
    ['OfficeFilter', officeListing, offices],
    ['PlaceFilter', placeListing, places],
    ['PositionFilter', positionListing, positions],
    ['MembershipFilter', membershipListing, memberships],
    ['EventFilter', eventListing, events],
    ['ArticleFilter', articleListing, articles],
    ['StatementFilter', statementListing, statements],
  ])('is what a list is read by: %s', (type, { filter }, { parents }) => {
    const fields = Object.keys((schema.getType(type) as GraphQLInputObjectType).getFields());
    const byIndex = Object.entries<unknown[]>(parents).filter(([, links]) => links.length === 1);
    // Lists of relations, and unique keys of the records themselves.
    const expected = [
      ...byIndex.map(([name]) => (name === 'mentions' ? 'mentioning' : name)),
      ...['slug', 'identifier', 'url'],
    ].filter((name) => fields.includes(name));
    expect([...filter.narrowedBy].sort()).toEqual(expected.sort());
  });
});

describe('queries that people write', async () => {
  const pages = ['README.md', 'docs/search.md', 'docs/exploring.md'];
  const inDocs = await Promise.all(pages.map((page) => examplesIn(page, 'graphql')));
  const queries = [...readerExamples.map(({ query }) => query), ...inDocs.flat()];

  const titled = queries.map(
    (query) => [query.replaceAll(/\s+/g, ' ').slice(0, 80), query] as const,
  );

  it.each(titled)('are far below every limit: %s', (_title, query) => {
    const { depth, ...shape } = shapeOf(parse(query));
    expect(depth).toBeLessThanOrEqual(defaultLimits.depth / 2);
    for (const [name, count] of Object.entries(shape)) {
      expect(count, name).toBeLessThanOrEqual(defaultLimits[name as keyof typeof shape] / 10);
    }
    expect(parse(query).tokenCount).toBeLessThan(defaultLimits.tokens / 10);
    expect(query.length).toBeLessThan(defaultLimits.queryBytes / 10);
    expect(cost(query)).toBeLessThan(defaultLimits.cost / 10);
  });
});

describe('limits that are set', () => {
  const endpoint = servedEndpoint({
    CHANCERY_MAX_COST: '1000',
    CHANCERY_MAX_QUERY_KB: '3',
    CHANCERY_MAX_TOKENS: '250',
    CHANCERY_MAX_DEPTH: '5',
    CHANCERY_MAX_ROOT_FIELDS: '2',
    CHANCERY_MAX_ALIASES: '1',
    CHANCERY_MAX_DIRECTIVES: '1',
    CHANCERY_MAX_FRAGMENTS: '1',
  });

  it.each([
    [
      'cost',
      '{ organizations(first: 100) { nodes { names { name } offices { nodes { name } } } } }',
      'cost',
    ],
    ['text', `# ${'.'.repeat(3100)}\n{ __typename }`, 'queryBytes'],
    ['tokens', `{ stats { ${'people '.repeat(250)} } }`, 'tokens'],
    ['depth', '{ people { nodes { statements { nodes { place { name } } } } } }', 'depth'],
    ['root fields', '{ stats { people } people { totalCount } __typename }', 'rootFields'],
    ['aliases', '{ a: __typename b: __typename }', 'aliases'],
    ['directives', '{ __typename @skip(if: false) @include(if: true) }', 'directives'],
    [
      'fragments',
      '{ ...A ...B } fragment A on Query { __typename } fragment B on Query { __typename }',
      'fragments',
    ],
  ])('hold: %s', async (_what, query, exceeded) => {
    const { status, code, message, body } = await endpoint.execute(query);
    expect({ status, code }).toEqual({ status: 400, code: 'QUERY_TOO_COMPLEX' });
    const { limit, ...rest } = body.errors?.[0]?.extensions ?? {};
    expect(rest).toMatchObject({ exceeded });
    expect(limit).toEqual(expect.any(Number));
    // It says what the limit is, and what to do.
    expect(message).toContain(` ${String(limit)}`);
    expect(message).toMatch(/[.:] (Request|Send|Split|Pass) .+\.$/i);
  });

  it('let pass what keeps them, and the schema, which is deeper', async () => {
    const { body } = await endpoint.execute('{ place(slug: "tokyo") { name } }');
    expect(body).toEqual({ data: { place: { name: 'Tokyo' } } });
    for (const deep of [
      '{ __schema { types { fields { type { ofType { ofType { name } } } } } } }',
      '{ __type(name: "Query") { fields { type { ofType { ofType { ofType { name } } } } } } }',
    ]) {
      expect((await endpoint.execute(deep)).body).not.toHaveProperty('errors');
    }
  });

  it('hold for mutations and subscriptions, which are answered in another way', async () => {
    for (const kind of ['mutation', 'subscription']) {
      const { status, code } = await endpoint.execute(`${kind} { a: __typename b: __typename }`);
      expect({ status, code }).toEqual({ status: 400, code: 'QUERY_TOO_COMPLEX' });
    }
  });
});

describe('a rejected query', () => {
  const statements: string[] = [];
  const onStatement = (sql: string): void => void statements.push(sql);
  const server = hosted({ pointsPerMinute: 60 }, { onStatement, cacheMegabytes: 0 });

  it('is rejected before any of it is executed', async () => {
    const name = '{ organization(slug: "nato") { name } }';
    const aliases = (count: number, field: string) =>
      Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(' ');
    const pages =
      '{ organizations(first: 100) { nodes { offices(first: 100) { nodes { references(first: 100) { nodes { exact } } } } } } }';
    expect((await execute(server.origin, name)).status).toBe(200);
    expect(statements).not.toEqual([]);
    statements.length = 0;
    for (const query of [
      pages,
      `${name.slice(0, -1)} ${pages.slice(1)}`,
      `mutation { undo(changeId: "x") { __typename ${aliases(101, '__typename')} } }`,
      `{ ${aliases(51, 'organization(slug: "nato") { name }')} }`,
    ]) {
      expect((await execute(server.origin, query)).code).toBe('QUERY_TOO_COMPLEX');
      const get = `${server.origin}/graphql?query=${encodeURIComponent(query)}`;
      expect((await fetch(get)).status).toBeGreaterThanOrEqual(400);
    }
    const large =
      '{ organizations(first: 100) { nodes { offices(first: 60) { nodes { name } } } } }';
    while ((await execute(server.origin, large)).code !== 'RATE_LIMITED') statements.length = 0;
    expect((await execute(server.origin, large)).code).toBe('RATE_LIMITED');
    expect(statements).toEqual([]);
  });
});
