import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { mutationOf, make, mutate } from './support.js';

describeOnEachDatabase('@asKnownAt', ({ open }) => {
  let base: KnowledgeBase;
  const moments: string[] = [];
  const mark = async () => {
    await sleep(20);
    moments.push(new Date().toISOString());
    await sleep(20);
  };
  /** How many transactions run, and how many did at most. */
  const transactions = { running: 0, most: 0 };
  beforeAll(async () => {
    const database = await open();
    const begin = database.db.transaction.bind(database.db);
    database.db.transaction = async (...args: Parameters<typeof begin>) => {
      transactions.most = Math.max(transactions.most, ++transactions.running);
      try {
        return (await begin(...args)) as never;
      } finally {
        transactions.running--;
      }
    };
    base = knowledgeBase(database);
    await mark();
    await make(base, 'Organization', '{ name: "Acme", kind: COMPANY }');
    const { id: ann } = await make(base, 'Person', '{ name: "Ann", names: [{ name: "Anna" }] }');
    const { id: post } = await make<{ id: string }>(
      base,
      'Position',
      '{ person: "ann", organization: "acme", title: "Chair", kind: OTHER, start: "2020" }',
      { fields: 'id' },
    );
    await mark();
    await mutate(
      base,
      mutationOf(
        `updatePerson(id: "${ann}", input: { name: "Ann Smith", names: [] })`,
        'PersonPayload { revision }',
      ),
    );
    await mutate(
      base,
      mutationOf(
        `updatePosition(id: "${post}", input: { start: "2021" })`,
        'PositionPayload { revision }',
      ),
    );
    await mark();
    await mutate(
      base,
      mutationOf(`delete(id: "${ann}", reason: "test")`, 'RecordPayload { revision }'),
    );
    await mark();
  });

  const at = (moment: string | undefined) => `query @asKnownAt(time: "${moment}")`;

  it('uses one transaction at a time, however many fields have the argument', async () => {
    const fields = ['people', 'offices', 'organizations', 'articles', 'places', 'events'].flatMap(
      (list, i) => [
        `a${i}: ${list}(first: 1) { nodes { id } }`,
        `b${i}: ${list}(first: 2) { totalCount }`,
      ],
    );
    transactions.most = 0;
    const { data, errors } = await base.execute(`${at(moments[1])} { ${fields.join(' ')} }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ b0: { totalCount: 1 }, b2: { totalCount: 1 } });
    expect(transactions).toEqual({ running: 0, most: 1 });
  });

  it('returns the records as they were then, in look-ups, lists, counts and facts', async () => {
    const recordsAt = async (moment: string | undefined) => {
      const { data, errors } = await base.execute(`${at(moment)} {
        person(slug: "ann") { name names { name } positions { totalCount nodes { start organization { name } } } }
        people { totalCount }
        organization(slug: "acme") { positions(filter: { asOf: "2020" }) { totalCount } } }`);
      expect(errors).toBeUndefined();
      return data;
    };
    expect(await recordsAt(moments[0])).toEqual({
      person: null,
      people: { totalCount: 0 },
      organization: null,
    });
    expect(await recordsAt(moments[1])).toEqual({
      person: {
        name: 'Ann',
        names: [{ name: 'Anna' }],
        positions: { totalCount: 1, nodes: [{ start: '2020', organization: { name: 'Acme' } }] },
      },
      people: { totalCount: 1 },
      organization: { positions: { totalCount: 1 } },
    });
    expect(await recordsAt(moments[2])).toEqual({
      person: {
        name: 'Ann Smith',
        names: [],
        positions: { totalCount: 1, nodes: [{ start: '2021', organization: { name: 'Acme' } }] },
      },
      people: { totalCount: 1 },
      organization: { positions: { totalCount: 0 } },
    });
    expect(await recordsAt(moments[3])).toEqual({
      person: null,
      people: { totalCount: 0 },
      organization: { positions: { totalCount: 0 } },
    });
  });

  it('works with variables, fragments and compiled queries alike', async () => {
    const query = (directive: string) =>
      `query ($then: DateTime!) ${directive} { ...people } fragment people on Query { people { totalCount } }`;
    for (let i = 0; i < 4; i++) {
      const variables = { then: moments[1] };
      expect((await base.execute(query('@asKnownAt(time: $then)'), variables)).data).toEqual({
        people: { totalCount: 1 },
      });
      expect((await base.execute('{ people { totalCount } }')).data).toEqual({
        people: { totalCount: 0 },
      });
    }
  });

  it('reads the past beside introspection too', async () => {
    const query = `${at(moments[1])} { __schema { queryType { name } } people { totalCount } }`;
    expect((await base.execute(query)).data).toMatchObject({ people: { totalCount: 1 } });
  });

  it('takes a date for its first moment, and no moment in the future', async () => {
    const { data } = await base.execute(
      `${at(moments[0]?.slice(0, 10))} { people { totalCount } }`,
    );
    expect(data).toEqual({ people: { totalCount: 0 } });
    for (const wrong of ['2999-01-01T00:00:00Z', '2999-01-01', '2023-02-30', 'yesterday', '2023']) {
      const { data, errors } = await base.execute(`${at(wrong)} { people { totalCount } }`);
      expect(data ?? undefined).toBeUndefined();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
  });

  it.each([
    ['search', '{ search(query: "ann") { totalCount } people { totalCount } }'],
    ['suggest', '{ suggest(prefix: "an") { text } people { totalCount } }'],
    ['reviewQueue', '{ reviewQueue { totalCount } people { totalCount } }'],
    ['erasure', '{ erasure(id: "x") { reason } people { totalCount } }'],
    [
      'search',
      '{ ...s people { totalCount } } fragment s on Query { search(query: "x") { totalCount } }',
    ],
  ])('rejects %s, which reads the present only, and returns the rest', async (name, selection) => {
    const { data, errors } = await base.executeAs('EDITOR', `${at(moments[1])} ${selection}`);
    expect(data).toEqual({ [name]: null, people: { totalCount: 1 } });
    expect(errors).toMatchObject([
      {
        message: `${name} reads the present only: send it in a query without @asKnownAt`,
        path: [name],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('is for queries only', async () => {
    const { errors } = await base.executeAs(
      'EDITOR',
      `mutation @asKnownAt(time: "2020-01-01") { delete(id: "x", reason: "y") { __typename } }`,
    );
    expect(errors).toMatchObject([{ message: expect.stringContaining('asKnownAt') as unknown }]);
  });

  it('needs a moment that PostgreSQL knows', async () => {
    const past = 'query ($t: DateTime = "2023-01-01") @asKnownAt(time: $t) { stats { articles } }';
    const { errors } = await base.execute(past, { t: null });
    expect(errors).toMatchObject([
      { message: '@asKnownAt(time:) must not be null', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    const early = await base.execute(past, { t: '0000-06-01' });
    expect(early.errors?.[0]?.message).toContain('"0000-06-01"');
  });

  it('a draft is not known before it is published', async () => {
    const { id } = await make(base, 'Person', '{ name: "Dora" }', { isDraft: true });
    await mark();
    await mutate(base, mutationOf(`publish(id: "${id}")`, 'RecordPayload { revision }'));
    const look = (moment?: string) =>
      base.execute(`${moment ? at(moment) : ''} { person(slug: "dora") { slug } }`);
    expect((await look(moments.at(-1))).data).toEqual({ person: null });
    expect((await look()).data).toEqual({ person: { slug: 'dora' } });
  });
});
