import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { mutationOf, make, mutate } from './support.js';

describeOnEachDatabase('asKnownOn', ({ open }) => {
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

  const at = (moment: string | undefined, rest = '') => `asKnownOn: "${moment}"${rest}`;

  it('uses one transaction at a time, however many fields have the argument', async () => {
    const fields = ['people', 'offices', 'organizations', 'articles', 'places', 'events'].flatMap(
      (list, i) => [
        `a${i}: ${list}(first: 1, ${at(moments[1])}) { nodes { id } }`,
        `b${i}: ${list}(first: 2, ${at(moments[1])}) { totalCount }`,
      ],
    );
    transactions.most = 0;
    const { data, errors } = await base.execute(`{ ${fields.join(' ')} }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ b0: { totalCount: 1 }, b2: { totalCount: 1 } });
    expect(transactions).toEqual({ running: 0, most: 1 });
  });

  it('returns the records as they were then, in look-ups, lists, counts and facts', async () => {
    const recordsAt = async (moment: string | undefined) => {
      const { data, errors } = await base.execute(`{
        person(slug: "ann", ${at(moment)}) { name names { name } positions { totalCount nodes { start organization { name } } } }
        people(${at(moment)}) { totalCount }
        organization(slug: "acme", ${at(moment)}) { positions(filter: { asOf: "2020" }) { totalCount } } }`);
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
    const query = `query ($then: DateTime) { ...people } fragment people on Query { people(asKnownOn: $then) { totalCount } }`;
    for (let i = 0; i < 4; i++) {
      expect((await base.execute(query, { then: moments[1] })).data).toEqual({
        people: { totalCount: 1 },
      });
      expect((await base.execute(query)).data).toEqual({ people: { totalCount: 0 } });
    }
  });

  it('is one moment for an operation, and none in the future', async () => {
    const two = `{ a: people(${at(moments[1])}) { totalCount } b: people(${at(moments[2])}) { totalCount } }`;
    expect((await base.execute(two)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'asKnownOn' } },
    ]);
    const mixed = `{ a: people(${at(moments[1])}) { totalCount } b: people { totalCount } }`;
    expect((await base.execute(mixed)).errors).toHaveLength(1);
    const later = await base.execute(`{ people(${at('2999-01-01T00:00:00Z')}) { totalCount } }`);
    expect(later.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    const wrong = await base.execute('{ people(asKnownOn: "yesterday") { totalCount } }');
    expect(wrong.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('a draft is not known before it is published', async () => {
    const { id } = await make(base, 'Person', '{ name: "Dora" }', { isDraft: true });
    await mark();
    await mutate(base, mutationOf(`publish(id: "${id}")`, 'RecordPayload { revision }'));
    const look = (moment?: string) =>
      base.execute(`{ person(slug: "dora"${moment ? `, ${at(moment)}` : ''}) { slug } }`);
    expect((await look(moments.at(-1))).data).toEqual({ person: null });
    expect((await look()).data).toEqual({ person: { slug: 'dora' } });
  });
});
