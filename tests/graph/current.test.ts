import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('facts that hold today', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.importDossier(`
      organizations: [{ slug: acme, name: Acme, kind: COMPANY }, { slug: union, name: Union, kind: ALLIANCE }]
      people: [{ slug: ann, name: Ann, birthDate: 1970, deathDate: '..' }]
      offices:
        - { slug: lasting, name: Lasting, kind: LIAISON, organization: acme, statuses: [{ status: OPEN, start: 2019, end: '..' }] }
        - { slug: closing, name: Closing, kind: LIAISON, organization: acme, statuses: [{ status: PLANNED, start: 2015 }, { status: OPEN, start: 2019 }, { status: CLOSED, start: 9000 }] }
        - { slug: closed, name: Closed, kind: LIAISON, organization: acme, statuses: [{ status: OPEN, start: 1990 }, { status: CLOSED, start: 2000 }] }
      positions:
        - { person: ann, organization: acme, title: Past, kind: OFFICIAL, start: 2001, end: 2002 }
        - { person: ann, organization: acme, title: Lasting, kind: OFFICIAL, start: 2003, end: '..' }
        - { person: ann, organization: acme, title: Perhaps, kind: OFFICIAL, start: 2004 }
      memberships:
        - { member: acme, organization: union, role: MEMBER, start: 2001, end: 2002 }
        - { member: acme, organization: union, role: PARTNER, start: 2003 }`);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const values = async (query: string, field: string): Promise<unknown[]> => {
    const { data, errors } = await base.execute(query);
    expect(errors).toBeUndefined();
    const [record] = Object.values(data ?? {}) as Record<string, { nodes: object[] }>[];
    const list = (record && 'nodes' in record ? record : Object.values(record ?? {})[0]) as {
      nodes: Record<string, unknown>[];
    };
    return list.nodes.map((node) => node[field]).sort();
  };

  it.each([
    ['true', ['Lasting', 'Perhaps']],
    ['true, certainty: CERTAINLY', ['Lasting']],
    ['false', ['Past']],
    ['false, certainty: CERTAINLY', ['Past', 'Perhaps']],
    ['null', ['Lasting', 'Past', 'Perhaps']],
  ])('select positions by current: %s', async (current, titles) => {
    const query = `{ person(slug: "ann") { positions(filter: { current: ${current} }) { nodes { title } } } }`;
    expect(await values(query, 'title')).toEqual(titles);
  });

  it('select memberships and people', async () => {
    expect(
      await values(
        '{ organization(slug: "union") { members(filter: { current: true }) { nodes { role } } } }',
        'role',
      ),
    ).toEqual(['PARTNER']);
    expect(
      await values(
        '{ people(filter: { positions: { some: { current: true } } }) { nodes { slug } } }',
        'slug',
      ),
    ).toEqual(['ann']);
  });

  it('select offices by their status of today, not by the last one', async () => {
    const offices = (filter: string) =>
      values(`{ offices(filter: { ${filter} }) { nodes { slug } } }`, 'slug');
    expect(await offices('status: [CLOSED]')).toEqual(['closed', 'closing']);
    expect(await offices('status: [CLOSED], current: true')).toEqual(['closed']);
    expect(await offices('status: [OPEN], current: true')).toEqual(['closing', 'lasting']);
    expect(await offices('status: [OPEN], current: false')).toEqual(['closed']);
    expect(await offices('current: true')).toEqual(['closing', 'lasting']);
    expect(await offices('current: false')).toEqual(['closed']);
  });

  it('change at midnight in UTC', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2002-12-31T23:59:59Z') });
    const query =
      '{ person(slug: "ann") { positions(filter: { current: true }) { nodes { title } } } }';
    expect(await values(query, 'title')).toEqual(['Past']);
    vi.setSystemTime(new Date('2003-01-01T00:00:00Z'));
    expect(await values(query, 'title')).toEqual(['Lasting']);
  });

  it.each(['offices', 'people'])('is not together with asOf: %s', async (list) => {
    const both = 'current: true, asOf: "2020"';
    const [filter, argument] =
      list === 'people'
        ? [`positions: { some: { ${both} } }`, 'filter.positions.some.current']
        : [both, 'filter.current'];
    const { errors } = await base.execute(`{ ${list}(filter: { ${filter} }) { totalCount } }`);
    expect(errors).toMatchObject([
      {
        message: `${argument} must not be given together with asOf`,
        extensions: { code: 'BAD_USER_INPUT', argument },
      },
    ]);
  });

  describe('of an office', () => {
    it('are its status as of a date', async () => {
      const { data, errors } = await base.execute(`{
        office(slug: "closing") {
          status
          before: status(asOf: "2014")
          planned: status(asOf: "2018-05")
          # Of the two statuses of that year, the later.
          turning: status(asOf: "2019")
          certainly: status(asOf: "2019-05", certainty: CERTAINLY)
          open: status(asOf: "2020", certainty: CERTAINLY)
        }
      }`);
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        office: {
          status: 'CLOSED',
          before: null,
          planned: 'PLANNED',
          turning: 'OPEN',
          certainly: null,
          open: 'OPEN',
        },
      });
    });

    it('rejects an interval as the date of a status', async () => {
      const { errors } = await base.execute(
        '{ office(slug: "closing") { status(asOf: "[..2019]") } }',
      );
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'asOf' } }]);
    });
  });

  it('say whether their end is known, open or unknown', async () => {
    const { data } = await base.execute(`{
      person(slug: "ann") { positions(orderBy: { field: START }) { nodes { title end endKind } } }
      office(slug: "lasting") { statuses { endKind } }
    }`);
    expect(data).toEqual({
      person: {
        positions: {
          nodes: [
            { title: 'Past', end: '2002', endKind: 'KNOWN' },
            { title: 'Lasting', end: '..', endKind: 'OPEN' },
            { title: 'Perhaps', end: null, endKind: 'UNKNOWN' },
          ],
        },
      },
      office: { statuses: [{ endKind: 'OPEN' }] },
    });
  });
});
