import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

const query = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Organization { id slug name home { name } }
    ... on Article { slug title body }
    ... on Statement { text }
  }
}`;

describeOnEachDatabase('_entities', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  let statements: string[] = [];
  let ids: string[] = [];
  const entities = (representations: unknown[]) => base.execute(query, { representations });

  beforeAll(async () => {
    database = await open({ onStatement: (sql) => statements.push(sql) });
    base = knowledgeBase(database, { federation: true });
    await base.importDossier(dossier);
    const { data } = await base.execute(
      '{ organizations(first: 100, orderBy: { field: NAME }) { nodes { id } } }',
    );
    ids = (data?.['organizations'] as { nodes: { id: string }[] }).nodes.map(({ id }) => id);
  });
  beforeEach(() => {
    statements = [];
  });

  it.each([
    ['ids', (i: number) => ({ __typename: 'Organization', id: ids[i] })],
    ['slugs', (i: number) => ({ __typename: 'Organization', slug: slugs[i] })],
  ])('returns a hundred records by their %s with as many statements as one', async (_what, of) => {
    // As a gateway does, for one type.
    const send = (representations: unknown[]) =>
      base.execute(
        `query ($representations: [_Any!]!) {
          _entities(representations: $representations) {
            ... on Organization { __typename id slug name home { name } }
          }
        }`,
        { representations },
      );
    expect((await send([of(0)])).errors).toBeUndefined();
    const forOne = statements.length;
    statements = [];
    const { data, errors } = await send(slugs.map((_, i) => of(i)));
    expect(errors).toBeUndefined();
    expect(data?.['_entities']).toEqual(
      slugs.map((slug, i) => ({
        __typename: 'Organization',
        id: ids[i],
        slug,
        name: nameOf(i),
        home: { name: 'Home' },
      })),
    );
    // The organizations and their homes.
    expect(statements).toHaveLength(2);
    expect(forOne).toBe(2);
  });

  it('returns records of several types, and null for those that do not exist', async () => {
    const { data, errors } = await entities([
      { __typename: 'Article', slug: 'report' },
      { __typename: 'Organization', slug: 'unknown' },
      { __typename: 'Person', slug: slugs[0] },
      { __typename: 'Organization', id: ids[1] },
    ]);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      _entities: [{ title: 'Report' }, null, null, { slug: slugs[1] }],
    });
  });

  it.each([
    [
      'a key that it does not know',
      { __typename: 'Organization', name: 'NATO' },
      'must have the key id or slug',
    ],
    [
      'a slug of a type without slugs',
      { __typename: 'Statement', slug: 'nato' },
      'must have the key id, a text',
    ],
    [
      'a key that is no text',
      { __typename: 'Organization', id: 7 },
      'must have the key id or slug',
    ],
    ['an id that is none', { __typename: 'Organization', id: 'nato' }, '.id must be an id'],
    [
      'an id as slug',
      { __typename: 'Organization', slug: 'ORG_AaIiFXIBcO6U-FJ-9zlwrw' },
      '.slug must be a slug',
    ],
    [
      'the id of another type',
      { __typename: 'Organization', id: 'PER_AaIiFXIBcO6U-FJ-9zlwrw' },
      '.id must be the id of an organization, but is the id of a person',
    ],
    ['a type without keys', { __typename: 'PageInfo' }, '.__typename must be a type with a key'],
    [
      'no type',
      { id: 'ORG_AaIiFXIBcO6U-FJ-9zlwrw' },
      '.__typename must be a type with a key, but is nothing',
    ],
    ['no object', 'nato', 'must be an object with __typename, but is "nato"'],
  ])('rejects %s, and returns the others', async (_what, representation, words) => {
    const { data, errors } = await entities([
      representation,
      { __typename: 'Organization', slug: slugs[2] },
    ]);
    expect(data).toMatchObject({ _entities: [null, { slug: slugs[2] }] });
    expect(errors).toMatchObject([
      { path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(errors?.[0]?.message).toMatch(/^representations\[0\]/);
    expect(errors?.[0]?.message).toContain(words);
  });

  it('counts each representation before it is read', async () => {
    const limited = knowledgeBase(database, { federation: true, limits: { cost: 50 } });
    const send = (count: number) =>
      limited.execute(
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { slug } } }',
        { r: slugs.slice(0, count).map((slug) => ({ __typename: 'Organization', slug })) },
      );
    expect((await send(50)).errors).toBeUndefined();
    statements = [];
    expect((await send(51)).errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX', cost: 51 } },
    ]);
    expect(statements).toEqual([]);
  });

  it('rejects more representations than a list may have', async () => {
    const { errors } = await entities(
      Array.from({ length: 1001 }, () => ({ __typename: 'Organization', slug: 'nato' })),
    );
    expect(errors).toMatchObject([
      { message: 'representations must be at most 1000, but are 1001' },
    ]);
  });

  it('returns drafts to editors only', async () => {
    const created = await base.executeAs(
      'EDITOR',
      'mutation { createOrganization(input: { slug: "hidden", name: "Hidden", kind: OTHER }, publicationStatus: DRAFT) { __typename } }',
    );
    expect(created.errors).toBeUndefined();
    const variables = { representations: [{ __typename: 'Organization', slug: 'hidden' }] };
    expect((await base.execute(query, variables)).data).toEqual({ _entities: [null] });
    expect((await base.executeAs('EDITOR', query, variables)).data).toMatchObject({
      _entities: [{ name: 'Hidden' }],
    });
  });

  it('keeps the text of an article from readers who may not see it', async () => {
    const variables = { representations: [{ __typename: 'Article', slug: 'withheld' }] };
    expect((await base.execute(query, variables)).data).toMatchObject({
      _entities: [{ title: 'Withheld', body: null }],
    });
    expect((await base.executeAs('EDITOR', query, variables)).data).toMatchObject({
      _entities: [{ body: 'A text for few.' }],
    });
  });

  it('reads an earlier state in a query about the past', async () => {
    const past = query.replace('!) {', '!) @asKnownAt(time: "2020-01-01") {');
    const representations = [{ __typename: 'Organization', slug: slugs[0] }];
    expect(await base.execute(past, { representations })).toEqual({ data: { _entities: [null] } });
  });
});

describe('without the setting', () => {
  it('the schema has no types of federation', async () => {
    const { createSchema } = await import('../../src/graph/schema.js');
    expect(Object.keys(createSchema().getTypeMap()).filter((name) => /^_[A-Z]/.test(name))).toEqual(
      [],
    );
  });
});

const nameOf = (i: number): string => `Organization ${String(i).padStart(2, '0')}`;
const slugs = Array.from({ length: 100 }, (_, i) => `org-${i}`);

const dossier = [
  'places:',
  '  - { slug: home, name: Home, kind: COUNTRY }',
  'organizations:',
  ...slugs.map((slug, i) => `  - { slug: ${slug}, name: ${nameOf(i)}, kind: COMPANY, home: home }`),
  'articles:',
  '  - { slug: report, title: Report, body: A text for all. }',
  '  - { slug: withheld, title: Withheld, body: A text for few., bodyAccess: PASSAGES }',
].join('\n');
