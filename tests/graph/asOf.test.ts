import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('as of a date', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.tell(`
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
    const { data } = await base.ask(
      'query ($asOf: PartialDate, $status: [OfficeStatus!]) { offices(filter: { asOf: $asOf, status: $status }) { totalCount } }',
      { asOf, status: [status] },
    );
    expect(data).toEqual({ offices: { totalCount: count } });
  });

  it('a closed office is not among those of a later date', async () => {
    const { data } = await base.ask(`{
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
    const { data } = await base.ask(
      `query ($asOf: PartialDate) { organization(slug: "league") {
        positions(filter: { asOf: $asOf }, orderBy: { field: START }) { nodes { person { name } } } } }`,
      { asOf },
    );
    expect(data).toEqual({
      organization: { positions: { nodes: names.map((name) => ({ person: { name } })) } },
    });
  });

  it('an event takes no longer than is told, and an office without a history is not closed', async () => {
    await base.tell(`
      organizations: [{ slug: league, name: League, kind: ALLIANCE }]
      offices: [{ slug: untold, name: Untold, kind: FIELD, organization: league }]
      events: [{ slug: meeting, name: Meeting, kind: MEETING, start: 2023-05-19 }]`);
    const { data } = await base.ask(`{
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
    const { data } = await base.ask(`{ organization(slug: "league") {
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
});
