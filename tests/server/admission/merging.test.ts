import {
  buildSchema,
  execute,
  getOperationAST,
  OverlappingFieldsCanBeMergedRule,
  parse,
  print,
  specifiedRules,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { Validation } from '../../../src/server/execution/validation.js';
import { costOf } from '../../../src/server/admission/complexity/cost.js';
import { mergingOf } from '../../../src/server/admission/complexity/merging.js';
import { createSchema } from '../../../src/graph/schema.js';
import { servedEndpoint } from '../../support/endpoint.js';
import { Random } from '../../support/random.js';

const schema = buildSchema(`
  interface Named { name: String, same(n: Int): Named, id: ID }
  type Person implements Named { name: String, same(n: Int): Named, id: ID, age: Int, boss: Person, size: [Int] }
  type City implements Named { name: String, same(n: Int): Named, id: ID, size: Int, boss: Person, age: String }
  union Thing = Person | City
  type Query { named(n: Int): Named, thing: Thing, person: Person, city: City }
`);

/** Documents in which names, arguments and fragments meet by chance, rightly or not. */
function documentFrom(random: Random): string {
  const fields: Record<string, [string, string | undefined][]> = {
    Query: [
      ['named', 'Named'],
      ['thing', 'Thing'],
      ['person', 'Person'],
      ['city', 'City'],
    ],
    Named: [
      ['name', undefined],
      ['id', undefined],
      ['same', 'Named'],
    ],
    Person: [
      ['name', undefined],
      ['age', undefined],
      ['size', undefined],
      ['boss', 'Person'],
      ['same', 'Named'],
    ],
    City: [
      ['name', undefined],
      ['age', undefined],
      ['size', undefined],
      ['boss', 'Person'],
      ['same', 'Named'],
    ],
    Thing: [],
  };
  const fragments = ['Named', 'Person', 'City', 'Named', 'Person'];
  const set = (type: string, depth: number, from: number): string => {
    const parts = Array.from({ length: random.int(1, 3) }, () => {
      const draw = random.next();
      if (draw < 0.15 && type !== 'Query' && from < fragments.length) {
        const at = random.int(from, fragments.length - 1);
        const on = fragments[at];
        return type === 'Named' || type === 'Thing' || on === 'Named' || on === type
          ? `...F${at}`
          : '__typename';
      }
      if (draw < 0.4 || type === 'Thing') {
        const on =
          type === 'Query'
            ? type
            : type === 'Named' || type === 'Thing'
              ? random.pick(['Named', 'Person', 'City'])
              : random.pick([type, 'Named']);
        return depth > 3 ? '__typename' : `... on ${on} { ${set(on, depth + 1, from)} }`;
      }
      const [name, below] = random.pick(fields[type]!);
      const alias = random.chance(0.06) ? `${random.pick(['x', 'name', 'boss', 'same'])}: ` : '';
      const args = name === 'same' && random.chance(0.06) ? `(n: ${random.int(1, 2)})` : '';
      const directive = random.chance(0.1) ? ` @include(if: ${random.pick(['true', '$v'])})` : '';
      if (!below) return `${alias}${name}${directive}`;
      if (depth > 3) return '__typename';
      return `${alias}${name}${args}${directive} { ${set(below, depth + 1, from)} }`;
    });
    return parts.join(' ');
  };
  return `query ($v: Boolean = true) { ${set('Query', 0, 0)} } ${fragments
    .map((on, i) => `fragment F${i} on ${on} { ${set(on, 2, i + 1)} }`)
    .join(' ')}`;
}

const person = (depth: number): object => ({
  __typename: 'Person',
  name: `p${depth}`,
  id: depth,
  age: depth,
  size: [depth],
  boss: depth < 6 ? () => person(depth + 1) : null,
  same:
    depth < 6 ? ({ n }: { n?: number }) => (n === 1 ? person(depth + 1) : city(depth + 1)) : null,
});
const city = (depth: number): object => ({
  ...person(depth),
  __typename: 'City',
  name: `c${depth}`,
  size: depth,
});
const root = {
  named: () => city(0),
  thing: () => person(0),
  person: () => person(0),
  city: () => city(0),
};

describe('equal selections of a query', () => {
  it.each([
    ['{ a { x } a { y } a { x } }', '{ a { x y } }'],
    ['{ a(x: 1, y: [1]) b a(y: [1], x: 1) }', '{ a(x: 1, y: [1]) b }'],
    [
      '{ a(f: { x: 1, y: [{ z: 1, w: 2 }] }) a(f: { y: [{ w: 2, z: 1 }], x: 1 }) }',
      '{ a(f: { x: 1, y: [{ z: 1, w: 2 }] }) }',
    ],
    ['{ a(x: 1) a(x: "1") }', '{ a(x: 1) a(x: "1") }'],
    ['{ a @skip(if: $x) a }', '{ a @skip(if: $x) a }'],
    ['{ ...F ... on T { a } ...F ... on T { b } }', '{ ...F ... on T { a b } }'],
    ['{ x: a { b { c } } x: a { b { d } } }', '{ x: a { b { c d } } }'],
    ['{ a { } }'.replace('{ }', ''), '{ a }'],
  ])('are one: %s', (query, merged) => {
    expect(print(mergingOf(parse(query)).document)).toBe(print(parse(merged)));
  });

  it('are known to change the order of an answer where others stand between them', () => {
    const keepsOrder = (query: string) => mergingOf(parse(query)).keepsOrder;
    expect(keepsOrder('{ a { x } b { x } a { y } }')).toBe(true);
    expect(keepsOrder('{ a { x } ...F a { y } }')).toBe(false);
    expect(keepsOrder('{ a { x } a @skip(if: $s) { z } a { y } }')).toBe(false);
    expect(keepsOrder('{ ... on T { a } b ... on T { c } }')).toBe(false);
  });

  it('make no difference to answers, nor to their order, by 500 random queries', async () => {
    const random = new Random(3);
    let valid = 0;
    for (let i = 0; i < 500; i++) {
      const document = parse(documentFrom(random));
      if (validate(schema, document).filter(({ message }) => !/never used/.test(message)).length)
        continue;
      valid++;
      const { document: merged, keepsOrder } = mergingOf(document);
      const run = async (operation: typeof document) =>
        (await execute({ schema, document: operation, rootValue: root })).data;
      const [given, expected] = [await run(merged), await run(document)];
      expect(given).toEqual(expected);
      if (keepsOrder) expect(JSON.stringify(given)).toBe(JSON.stringify(expected));
    }
    expect(valid).toBeGreaterThan(100);
  });

  it('cost one', () => {
    const cost = (query: string) => {
      const document = parse(query);
      return costOf(createSchema(), document, getOperationAST(document)!)({});
    };
    const parents = (count: number) =>
      `{ organizations(first: 1) { nodes { ${'parent { name } '.repeat(count)} } } }`;
    expect(cost(parents(470))).toBe(cost(parents(1)));
  });
});

describe('fields of one name', () => {
  it('conflict where they do for GraphQL.js, by 600 random queries', () => {
    const random = new Random(11);
    const others = specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);
    const validation = new Validation(schema);
    const counts = { conflicts: 0, none: 0 };
    for (let i = 0; i < 600; i++) {
      const text = documentFrom(random);
      const document = parse(text);
      const other = validate(schema, document, others);
      const conflicts = validate(schema, document, [OverlappingFieldsCanBeMergedRule]);
      const found = validation.errorsOf(document);
      const ours = found.filter(({ message }) => message.includes('conflict because'));
      expect({ text, has: ours.length > 0 }).toEqual({
        text,
        has: conflicts.length > 0,
      });
      if (conflicts.length) counts.conflicts++;
      else counts.none++;
      if (!other.length) expect(found.length > 0).toBe(conflicts.length > 0);
    }
    expect(counts.conflicts).toBeGreaterThan(100);
    expect(counts.none).toBeGreaterThan(100);
  });

  it.each([
    '{ person { x: name x: age } }',
    '{ person { same(n: 1) { id } same(n: 2) { id } } }',
    '{ thing { ... on Person { size } ... on City { size } } }',
    '{ named { ...A ...B } } fragment A on Person { x: name } fragment B on Person { x: age }',
    '{ named { ...A ...B } } fragment A on Named { boss: same { x: name } } fragment B on Named { boss: same { x: id } }',
  ])('are reported with the messages and locations of GraphQL.js: %s', (query) => {
    const document = parse(query);
    const [theirs] = validate(schema, document, [OverlappingFieldsCanBeMergedRule]);
    const [ours] = new Validation(schema).errorsOf(document);
    expect(ours?.message).toBe(theirs?.message);
    expect(theirs?.locations).toEqual(expect.arrayContaining([...(ours?.locations ?? ['?'])]));
  });

  it('may be on many types, but not be many different ones', () => {
    const validation = new Validation(schema, { sameName: 3 });
    const errors = (query: string) =>
      validation.errorsOf(parse(query)).map((each) => each.toJSON());
    expect(errors('{ person { x: same(n: 1) { id } x: same(n: 1) { name } } }')).toEqual([]);
    expect(
      errors(
        '{ thing { ... on Person { name } ... on City { name } ... on Named { name name @skip(if: true) } } }',
      ),
    ).toMatchObject([
      {
        message:
          'The query has more than 3 different fields named name in one selection. Split it into several requests.',
        extensions: { code: 'QUERY_TOO_COMPLEX', exceeded: 'sameName', limit: 3 },
      },
    ]);
  });
});

describe('a query with many equal or wrong parts', () => {
  const endpoint = servedEndpoint();

  it('is answered where nothing is wrong with it: 1,900 times one field', async () => {
    const { status, body } = await endpoint.execute(
      `{ organization(slug: "nato") { ${'name '.repeat(1900)} } }`,
    );
    expect({ status, body }).toEqual({
      status: 200,
      body: { data: { organization: { name: 'NATO' } } },
    });
  });

  const nato = 'organization(slug: "nato") { name }';
  it.each([
    ['51 times __typename', `{ ${'__typename '.repeat(51)} }`, { __typename: 'Query' }],
    ['1,900 times a root field', `{ ${'__typename '.repeat(1900)} }`, { __typename: 'Query' }],
    [
      '60 times one with arguments and a selection',
      `{ ${nato} ${'organization(slug: "nato") { slug } '.repeat(60)} }`,
      { organization: { name: 'NATO', slug: 'nato' } },
    ],
    [
      '150 times an alias',
      `{ organization(slug: "nato") { ${'a: name '.repeat(150)} } }`,
      { organization: { a: 'NATO' } },
    ],
    [
      '60 times in fragments and outside',
      `{ ${'...F ... on Query { __typename } '.repeat(60)} ...G } fragment F on Query { __typename } fragment G on Query { __typename }`,
      { __typename: 'Query' },
    ],
    [
      'in an order that cannot be kept when they are merged',
      `{ a: __typename organization(slug: "nato") { name } ... on Query { organization(slug: "nato") { slug } } organization(slug: "nato") { slug } ${'__typename '.repeat(60)} }`,
      { a: 'Query', organization: { name: 'NATO', slug: 'nato' }, __typename: 'Query' },
    ],
    [
      '150 times a directive',
      `{ ${'__typename @include(if: true) '.repeat(150)} }`,
      { __typename: 'Query' },
    ],
  ])('counts equal fields once: %s', async (_what, query, data) => {
    expect((await endpoint.execute(query)).body).toEqual({ data });
  });

  it.each([
    [
      'rootFields',
      51,
      `{ ${Array.from({ length: 51 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
    ],
    [
      'rootFields',
      60,
      `{ ...F ...G } ${['F', 'G'].map((name) => `fragment ${name} on Query { ${Array.from({ length: 30 }, (_, i) => `${name}${i}: __typename`).join(' ')} }`).join(' ')}`,
    ],
    [
      'aliases',
      101,
      `{ stats { ${Array.from({ length: 101 }, (_, i) => `a${i}: people`).join(' ')} } }`,
    ],
  ])('counts different ones each: %s', async (exceeded, count, query) => {
    const { status, body } = await endpoint.execute(query);
    expect(status).toBe(400);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'QUERY_TOO_COMPLEX', exceeded });
    expect(body.errors?.[0]?.message).toContain(` ${count} `);
  });

  it('is answered where fragments spread each other in 2^50 ways', async () => {
    const query = `{ organization(slug: "nato") { ...F0 } } ${Array.from(
      { length: 49 },
      (_, i) =>
        `fragment F${i} on Organization { ${i < 48 ? `...F${i + 1} ... on Organization { ...F${i + 1} } ... on Entity { ...F${i + 1} }` : 'name'} }`,
    ).join(' ')}`;
    // What comes again is compiled, and what is compiled is written out.
    for (let i = 0; i < 5; i++) {
      expect((await endpoint.execute(query)).body).toEqual({
        data: { organization: { name: 'NATO' } },
      });
    }
  });

  it('reports its first error and its location, the same each time', async () => {
    const query = `{\n organization(slug: "nato") { ${'nmae '.repeat(30)} ${Array.from({ length: 30 }, (_, i) => `x${i}`).join(' ')} } }`;
    const first = await endpoint.execute(
      query,
      {},
      { accept: 'application/graphql-response+json' },
    );
    expect(first.status).toBe(400);
    expect(first.body.errors?.[0]).toMatchObject({
      message: 'Cannot query field "nmae" on type "Organization". Did you mean "name" or "names"?',
      locations: [{ line: 2, column: 31 }],
    });
    expect(
      (await endpoint.execute(query, {}, { accept: 'application/graphql-response+json' })).body,
    ).toEqual(first.body);
  });
});
