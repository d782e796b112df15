import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('as of a date', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.importDossier(`
      organizations:
        - slug: league
          name: League
          kind: ALLIANCE
          names: [{ name: Old League, kind: FORMER, start: 1990, end: 1999-12 }]
        - { slug: member, name: Member, kind: STATE }
      people: [{ slug: ada, name: Ada }, { slug: bo, name: Bo }]
      offices:
        - slug: office
          name: Office
          kind: LIAISON
          organization: league
          statuses: [{ status: PROPOSED, start: 2023-01 }, { status: OPEN, start: 2023-05 }, { status: CLOSED, start: 2024-02-10 }]
      positions:
        - { person: ada, organization: league, title: Chair, kind: HEAD_OF_ORGANIZATION, start: 2014-10-01, end: 2020-06 }
        - { person: bo, organization: league, title: Chair, kind: HEAD_OF_ORGANIZATION, start: 2020-06 }
      memberships: [{ member: member, organization: league, role: MEMBER, start: 2001, end: 2005 }]
    `);
  });

  it.each([
    ['2022', 'OPEN', 0],
    ['2023-01', 'PROPOSED', 1],
    ['2023-05', 'OPEN', 1],
    ['2023-05', 'PROPOSED', 1],
    ['2023-06-01', 'PROPOSED', 0],
    ['2024-02', 'OPEN', 1],
    ['2024-02-11', 'OPEN', 0],
    ['2024-03', 'CLOSED', 1],
  ])('an office in %s counts as %s: %i', async (asOf, status, count) => {
    const { data } = await base.execute(
      'query ($asOf: PartialDate, $status: [OfficeStatus!]) { offices(filter: { asOf: $asOf, status: $status }) { totalCount } }',
      { asOf, status: [status] },
    );
    expect(data).toEqual({ offices: { totalCount: count } });
  });

  it('a closed office is not among those of a later date', async () => {
    const { data } = await base.execute(`{
      then: offices(filter: { asOf: "2023-07" }) { nodes { slug status } }
      later: offices(filter: { asOf: "2025" }) { nodes { slug } }
      now: office(slug: "office") { status statuses(asOf: "2023-07") { status start end } }
    }`);
    expect(data).toEqual({
      then: { nodes: [{ slug: 'office', status: 'CLOSED' }] },
      later: { nodes: [] },
      now: {
        status: 'CLOSED',
        statuses: [{ status: 'OPEN', start: '2023-05', end: '2024-02-10' }],
      },
    });
  });

  it.each([
    ['2014', ['Ada']],
    ['2014-09', []],
    ['2020-06', ['Ada', 'Bo']],
    ['2020', ['Ada', 'Bo']],
    ['2021-01-01', ['Bo']],
  ])('the chair in %s is held by %j', async (asOf, names) => {
    const { data } = await base.execute(
      `query ($asOf: PartialDate) { organization(slug: "league") {
        positions(filter: { asOf: $asOf }, orderBy: { field: START }) { nodes { person { name } } } } }`,
      { asOf },
    );
    expect(data).toEqual({
      organization: { positions: { nodes: names.map((name) => ({ person: { name } })) } },
    });
  });

  it('ends an event without an end on its start, and does not close an office without a history', async () => {
    await base.importDossier(`
      organizations: [{ slug: league, name: League, kind: ALLIANCE }]
      offices: [{ slug: untold, name: Untold, kind: FIELD, organization: league }]
      events: [{ slug: meeting, name: Meeting, kind: MEETING, start: 2023-05-19 }]`);
    const { data } = await base.execute(`{
      then: events(filter: { during: { from: "2023-05", to: "2023-06" } }) { totalCount }
      later: events(filter: { during: { from: "2030", to: "2031" } }) { totalCount }
      offices(filter: { kind: [FIELD], asOf: "2026" }) { nodes { slug } }
    }`);
    expect(data).toEqual({
      then: { totalCount: 1 },
      later: { totalCount: 0 },
      offices: { nodes: [{ slug: 'untold' }] },
    });
  });

  it('names and memberships answer too', async () => {
    const { data } = await base.execute(`{ organization(slug: "league") {
      then: names(asOf: "1999-12-31") { name } now: names(asOf: "2000") { name }
      in2005: members(filter: { asOf: "2005-12" }) { totalCount }
      in2006: members(filter: { asOf: "2006" }) { totalCount } } }`);
    expect(data).toEqual({
      organization: {
        then: [{ name: 'Old League' }],
        now: [],
        in2005: { totalCount: 1 },
        in2006: { totalCount: 0 },
      },
    });
  });

  it('selects with CERTAINLY only what certainly held', async () => {
    await base.importDossier(`
      organizations:
        - { slug: landland, name: Landland, kind: STATE, names: [{ name: Oldland, end: '[..1990]' }, { name: Newland, start: 1990, end: '..' }] }
        - { slug: union, name: Union, kind: ALLIANCE }
      people: [{ slug: egon, name: Egon }, { slug: former, name: Former }, { slug: since, name: Since }, { slug: lasting, name: Lasting }, { slug: brief, name: Brief }]
      offices:
        - { slug: standing, name: Standing, kind: DISTRICT, organization: union, statuses: [{ status: OPEN, start: 2019, end: '..' }] }
        - { slug: opened, name: Opened, kind: DISTRICT, organization: union, statuses: [{ status: OPEN, start: 2019 }] }
        - { slug: silent, name: Silent, kind: DISTRICT, organization: union }
      positions:
        - { person: egon, organization: landland, title: President, kind: HEAD_OF_STATE }
        - { person: former, organization: landland, title: President, kind: HEAD_OF_STATE, start: 2010, end: '[..2019]' }
        - { person: since, organization: landland, title: President, kind: HEAD_OF_STATE, start: 2021 }
        - { person: lasting, organization: landland, title: Vice-President, kind: HEAD_OF_STATE, start: '[..2020]', end: '..' }
        - { person: brief, organization: landland, title: Regent, kind: HEAD_OF_STATE, start: 2020, end: 2020 }
      memberships: [{ member: landland, organization: union, role: MEMBER, start: 2001, end: '[2010..]' }]`);
    const heads = async (asOf: string, certainty?: string) => {
      const { data, errors } = await base.execute(
        `query ($asOf: PartialDate, $certainty: Certainty = POSSIBLY) {
          people(filter: { positions: { some: { kind: [HEAD_OF_STATE], asOf: $asOf, certainty: $certainty } } }) { nodes { slug } }
        }`,
        { asOf, certainty },
      );
      expect(errors).toBeUndefined();
      return (data?.['people'] as { nodes: { slug: string }[] }).nodes.map(({ slug }) => slug);
    };
    expect(await heads('2026')).toEqual(['egon', 'lasting', 'since']);
    expect(await heads('2026', 'CERTAINLY')).toEqual(['lasting']);
    expect(await heads('2021', 'CERTAINLY')).toEqual(['lasting', 'since']);
    expect(await heads('2020')).toEqual(['brief', 'egon', 'lasting']);
    expect(await heads('2020', 'CERTAINLY')).toEqual(['brief', 'lasting']);
    expect(await heads('2020-05', 'CERTAINLY')).toEqual([]);
    expect(await heads('2010', 'CERTAINLY')).toEqual(['former']);
    expect(await heads('2019', 'POSSIBLY')).toEqual(['egon', 'former', 'lasting']);
    const { data, errors } = await base.execute(`{
      organization(slug: "landland") {
        names(asOf: "2000", certainty: CERTAINLY) { name start end }
        earlier: names(asOf: "1980", certainty: CERTAINLY) { name }
        positions(filter: { asOf: "2026", certainty: CERTAINLY }) { nodes { person { slug } start end } }
        groups: positions { groups(by: [START_YEAR]) { values { text } count } }
      }
      then: organization(slug: "union") { members(filter: { asOf: "2009", certainty: CERTAINLY }) { totalCount } }
      now: organization(slug: "union") { members(filter: { asOf: "2011", certainty: CERTAINLY }) { totalCount } }
      open: offices(filter: { kind: [DISTRICT], status: [OPEN], asOf: "2026", certainty: CERTAINLY }) { nodes { slug } }
      there: offices(filter: { kind: [DISTRICT], asOf: "2026", certainty: CERTAINLY }) { nodes { slug } }
      office(slug: "opened") { statuses(asOf: "2026", certainty: CERTAINLY) { status } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      organization: {
        names: [{ name: 'Newland', start: '1990', end: '..' }],
        earlier: [],
        positions: { nodes: [{ person: { slug: 'lasting' }, start: '[..2020]', end: '..' }] },
        groups: {
          groups: [
            { values: [{ text: null }], count: 2 },
            { values: [{ text: '2010' }], count: 1 },
            { values: [{ text: '2020' }], count: 1 },
            { values: [{ text: '2021' }], count: 1 },
          ],
        },
      },
      then: { members: { totalCount: 1 } },
      now: { members: { totalCount: 0 } },
      open: { nodes: [{ slug: 'standing' }] },
      there: { nodes: [{ slug: 'standing' }] },
      office: { statuses: [] },
    });
  });

  it.each(['[..2019]', '[2019..2021]', '..'])('rejects %s as a date', async (date) => {
    for (const [argument, field] of [
      ['filter.asOf', `positions(filter: { asOf: "${date}" })`],
      ['filter.saidOn.from', `statements(filter: { saidOn: { from: "${date}" } })`],
    ]) {
      const { errors } = await base.execute(
        `{ organization(slug: "league") { ${field} { totalCount } } }`,
      );
      expect(errors?.[0]?.message).toBe(
        `${argument} must be a year, a month or a day, but is "${date}"`,
      );
    }
  });
});
