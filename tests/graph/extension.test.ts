import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graph/schema.js';
import type { Database } from '../../src/database/database.js';
import { openDatabase } from '../../src/database/open.js';
import { fillWithSample } from '../../src/knowledge/exchange/dossier/sample.js';
import { createChancery, ExtensionError, type Extension } from '../../src/index.js';
import { inMemory } from '../support/inMemory.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(await inMemory());
  await fillWithSample(database);
});
afterAll(() => database.close());

const extended = (extend: Extension, options = {}): KnowledgeBase =>
  knowledgeBase(database, { extend, ...options });

/** `Organization.shout`: its name in capitals. */
const shout: Extension = (builder) =>
  builder.objectField('Organization', 'shout', (t) =>
    t.string({ resolve: ({ name }) => name.toUpperCase() }),
  );

describe('a field that an app adds', () => {
  it('reads the columns of its record that the query does not select', async () => {
    const base = extended(shout);
    const query = '{ organization(slug: "nato") { shout } }';
    // The third time it is compiled.
    for (let i = 0; i < 4; i++) {
      expect(await base.execute(query)).toEqual({ data: { organization: { shout: 'NATO' } } });
    }
  });

  it('is on all types of an interface to which it is added', async () => {
    const base = extended((builder) =>
      builder.interfaceField('Entity', 'shout', (t) =>
        t.string({ resolve: ({ name }) => name.toUpperCase() }),
      ),
    );
    const query = `{ entity(slug: "japan") { shout } person(slug: "jens-stoltenberg") { shout } }`;
    expect(await base.execute(query)).toEqual({
      data: { entity: { shout: 'JAPAN' }, person: { shout: 'JENS STOLTENBERG' } },
    });
  });

  it('returns types of the schema and new ones, by their names and references', async () => {
    const base = extended((builder) => {
      const Pair = builder.objectRef<{ slugs: string[] }>('Pair').implement({
        fields: (t) => ({
          entities: t.field({
            type: ['Entity'],
            resolve: async ({ slugs }, _args, { knowledge, view }) => {
              const found = await Promise.all(
                slugs.map((slug) => knowledge.entities.bySlug(view, slug)),
              );
              return found.filter((entity) => entity !== undefined);
            },
          }),
        }),
      });
      builder.queryField('pair', (t) =>
        t.field({
          type: Pair,
          nullable: true,
          args: { slugs: t.arg.stringList({ required: true }) },
          resolve: (_root, { slugs }) => ({ slugs }),
        }),
      );
    });
    const query = '{ pair(slugs: ["nato", "japan"]) { entities { __typename slug } } }';
    expect(await base.execute(query)).toEqual({
      data: {
        pair: {
          entities: [
            { __typename: 'Organization', slug: 'nato' },
            { __typename: 'Organization', slug: 'japan' },
          ],
        },
      },
    });
  });

  it('costs as much as an object, or what it says', async () => {
    const cost = async (extend: Extension | undefined, field: string): Promise<unknown> => {
      const base = knowledgeBase(database, { extend, limits: { cost: 10 } });
      const query = `{ organizations(first: 100) { nodes { ${field} } } }`;
      return (await base.execute(query)).errors?.[0]?.extensions?.['cost'];
    };
    const usual = Number(await cost(undefined, 'slug'));
    expect(await cost(shout, 'slug')).toBe(usual);
    expect(await cost(shout, 'shout')).toBe(usual + 100);
    const dear: Extension = (builder) =>
      builder.objectField('Organization', 'shout', (t) =>
        t.string({ costs: { weight: 7 }, resolve: () => '' }),
      );
    expect(await cost(dear, 'shout')).toBe(usual + 700);
  });

  it('is for editors only if it says so', async () => {
    const base = extended((builder) =>
      builder.queryField('secret', (t) =>
        t.string({
          authScopes: { editor: true },
          resolve: (_root, _args, { identity }) => identity?.name ?? '',
        }),
      ),
    );
    expect((await base.execute('{ secret }')).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect((await base.executeAs('READER', '{ secret }')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(await base.executeAs('EDITOR', '{ secret }')).toEqual({ data: { secret: 'editor' } });
  });

  it('reads drafts for editors only', async () => {
    const base = extended((builder) =>
      builder.queryField('named', (t) =>
        t.string({
          nullable: true,
          args: { slug: t.arg.string({ required: true }) },
          resolve: async (_root, { slug }, { knowledge, view }) =>
            (await knowledge.entities.bySlug(view, slug))?.name,
        }),
      ),
    );
    const { errors } = await base.executeAs(
      'EDITOR',
      'mutation { createOrganization(input: { slug: "hidden", name: "Hidden", kind: OTHER }, publicationStatus: DRAFT) { __typename } }',
    );
    expect(errors).toBeUndefined();
    const query = '{ named(slug: "hidden") }';
    expect(await base.execute(query)).toEqual({ data: { named: null } });
    expect(await base.executeAs('EDITOR', query)).toEqual({ data: { named: 'Hidden' } });
  });

  it('is read anew for each client, unless it reads nothing but records', async () => {
    let count = 0;
    const counting: Extension = (builder) =>
      builder.queryFields((t) => ({
        count: t.int({ resolve: () => ++count }),
        cachedCount: t.int({ cached: true, resolve: () => ++count }),
      }));
    const base = extended(counting, { cacheMegabytes: 1 });
    const counts: unknown[] = [];
    for (const field of ['count', 'count', 'cachedCount', 'cachedCount']) {
      counts.push((await base.execute(`{ ${field} }`)).data?.[field]);
    }
    expect(counts).toEqual([1, 2, 3, 3]);
  });
});

describe('an extension', () => {
  it('does not change the schema of other instances', async () => {
    const names = '{ __type(name: "Organization") { fields { name } } }';
    const fieldsOf = async (base: KnowledgeBase): Promise<string[]> => {
      const { data } = await base.execute(names);
      return (data?.['__type'] as { fields: { name: string }[] }).fields.map(({ name }) => name);
    };
    const before = await fieldsOf(knowledgeBase(database));
    expect(await fieldsOf(extended(shout))).toEqual([...before, 'shout']);
    expect(await fieldsOf(extended(shout))).toEqual([...before, 'shout']);
    expect(await fieldsOf(knowledgeBase(database))).toEqual(before);
    expect(createSchema().getQueryType()?.getFields()).not.toHaveProperty('shout');
  });

  const broken: [string, unknown, string][] = [
    [
      'throws',
      () => {
        throw new Error('no notes today');
      },
      'extend cannot add its types: no notes today',
    ],
    ['rejects', () => Promise.reject(new Error('no notes today')), 'no notes today'],
    [
      'adds a field that exists',
      ((builder) =>
        builder.objectField('Person', 'name', (t) =>
          t.string({ resolve: () => '' }),
        )) satisfies Extension,
      'Person.name exists already',
    ],
    [
      'adds a field twice',
      ((builder) => {
        shout(builder);
        shout(builder);
      }) satisfies Extension,
      'Duplicate field shout on Organization',
    ],
    [
      'adds a type that exists',
      ((builder) => {
        builder.objectRef<object>('Office').implement({});
      }) satisfies Extension,
      'Office',
    ],
    [
      'refers to a type that it does not implement',
      ((builder) =>
        builder.queryField('lost', (t) =>
          t.field({ type: builder.objectRef<object>('Lost'), resolve: () => ({}) }),
        )) satisfies Extension,
      'Lost',
    ],
    [
      'adds a type without fields',
      ((builder) => {
        builder.objectRef<object>('Empty').implement({});
      }) satisfies Extension,
      'extend makes the schema invalid: Type Empty must define one or more fields.',
    ],
    [
      'implements an interface in part',
      ((builder) => {
        builder.objectRef<{ id: string }>('Part').implement({
          interfaces: ['Node'],
          fields: (t) => ({ name: t.string({ resolve: () => '' }) }),
        });
      }) satisfies Extension,
      'Interface field Node.id expected but Part does not provide it.',
    ],
  ];

  it.each(broken)('that %s is reported when the instance starts', async (_what, extend, words) => {
    const started = createChancery({ database, migrate: false, extend: extend as Extension });
    await expect(started).rejects.toThrow(ExtensionError);
    await expect(started).rejects.toThrow(words);
  });
});
