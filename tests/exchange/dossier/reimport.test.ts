import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { entity, entityName, office, officeStatus } from '../../../src/database/tables/index.js';
import { eq, asc } from 'drizzle-orm';
import { checkDossier, importDossier } from '../../../src/knowledge/exchange/dossier/import.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import {
  counts,
  historyOf,
  importErrors,
  referencesWith,
  rowCount,
  importCounts,
} from './support.js';

const article = (slug: string, body: string) => `
articles:
  - slug: ${slug}
    title: An article
    body: ${JSON.stringify(body)}
`;

describeOnEachDatabase('importing again', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await importCounts(database, '{ organizations: [{ slug: nato, name: NATO, kind: ALLIANCE }] }');
  });

  it('changes nothing and writes no history', async () => {
    const dossier = `
people: [{ slug: ann, name: Ann, names: [{ name: Anna }], identifiers: { wikidata: [Q1, Q2] } }]
positions: [{ person: ann, organization: nato, title: Clerk, kind: OFFICIAL, start: 2020 }]
`;
    expect(await importCounts(database, dossier)).toMatchObject({
      created: { people: 1, positions: 1 },
    });
    const before = await rowCount(database);
    expect(await importCounts(database, dossier)).toEqual({
      created: {},
      updated: {},
      unchanged: { people: 1, positions: 1 },
      broken: [],
    });
    expect(await rowCount(database)).toBe(before);
  });

  it('leaves what is absent, clears what is null, replaces a list', async () => {
    await importCounts(
      database,
      `organizations:
  - slug: acme
    name: Acme
    kind: COMPANY
    description: Makes things
    parent: nato
    names: [{ name: One }, { name: Two, language: en }]`,
    );
    const names = () =>
      database.db
        .select({ id: entityName.id, name: entityName.name })
        .from(entityName)
        .innerJoin(entity, eq(entity.id, entityName.entityId))
        .where(eq(entity.slug, 'acme'))
        .orderBy(asc(entityName.id));
    const [, two] = await names();
    await importCounts(
      database,
      `organizations:
  - slug: acme
    name: Acmé Ltd.
    kind: COMPANY
    parent: null
    names: [{ name: Two, language: en }, { name: Three }]`,
    );
    expect(await names()).toEqual([two, { id: expect.any(String) as string, name: 'Three' }]);
    const [row] = await database.db.select().from(entity).where(eq(entity.slug, 'acme'));
    expect(row).toMatchObject({ sortName: 'acme ltd', description: 'Makes things' });
    const [, change] = await historyOf(database, 'acme');
    expect(change).toEqual({
      actor: 'import',
      action: 'UPDATE',
      reason: 'import of test.yaml',
      changes: {
        name: { before: 'Acme', after: 'Acmé Ltd.' },
        parent: { before: 'nato', after: null },
        names: {
          before: [
            { name: 'One', kind: 'ALTERNATIVE' },
            { name: 'Two', language: 'en', kind: 'ALTERNATIVE' },
          ],
          after: [
            { name: 'Two', language: 'en', kind: 'ALTERNATIVE' },
            { name: 'Three', kind: 'ALTERNATIVE' },
          ],
        },
      },
    });
  });

  it('adds to the history of an office and keeps the passages of its earlier statuses', async () => {
    const dossier = (statuses: string) => `
${article('status-report', 'NATO proposed it in January.')}
offices:
  - slug: bureau
    name: Bureau
    organization: nato
    kind: LIAISON
    statuses:
      - status: PROPOSED
        start: 2023-01
        references: [{ exact: proposed it in January, article: status-report }]
      ${statuses}`;
    await importCounts(database, dossier(''));
    const next = dossier('- { status: OPEN, start: 2024-05 }');
    expect(await importCounts(database, next)).toMatchObject({
      updated: { offices: 1 },
      unchanged: { articles: 1, references: 1 },
    });
    const [{ id, status } = { id: '', status: null }] = await database.db
      .select({ id: office.id, status: office.currentStatus })
      .from(office)
      .innerJoin(entity, eq(entity.id, office.id))
      .where(eq(entity.slug, 'bureau'));
    expect(status).toBe('OPEN');
    const statuses = await database.db
      .select({ status: officeStatus.status, start: officeStatus.start, end: officeStatus.end })
      .from(officeStatus)
      .where(eq(officeStatus.officeId, id))
      .orderBy(asc(officeStatus.startSort));
    expect(statuses).toEqual([
      { status: 'PROPOSED', start: '2023-01', end: '2024-05' },
      { status: 'OPEN', start: '2024-05', end: null },
    ]);
    expect(await referencesWith(database, 'proposed it in January')).toHaveLength(1);
    expect(await importCounts(database, next)).toMatchObject({ updated: {} });
  });

  it('keeps a status whose start is corrected, with its id and its passages', async () => {
    const dossier = (start: string) => `
${article('corrected-report', 'They opened it at last.')}
offices:
  - slug: corrected
    name: Corrected
    organization: nato
    kind: FIELD
    statuses:
      - { status: OPEN, start: ${start}, references: [{ exact: opened it, article: corrected-report }] }`;
    const statuses = () =>
      database.db
        .select({ id: officeStatus.id, start: officeStatus.start })
        .from(officeStatus)
        .innerJoin(entity, eq(entity.id, officeStatus.officeId))
        .where(eq(entity.slug, 'corrected'));
    await importCounts(database, dossier('2023'));
    const [before] = await statuses();
    expect(await importCounts(database, dossier('2023-05'))).toMatchObject({
      updated: { offices: 1 },
    });
    expect(await statuses()).toEqual([{ id: before?.id, start: '2023-05' }]);
    expect(await referencesWith(database, 'opened it')).toHaveLength(1);
  });

  it('moves a place with all that it holds to another country', async () => {
    const places = (within: string) => `
places:
  - { slug: city, name: City, kind: CITY, within: region }
  - { slug: region, name: Region, kind: REGION, within: ${within} }
  - { slug: here, name: Here, kind: COUNTRY }
  - { slug: there, name: There, kind: COUNTRY }`;
    await importCounts(database, places('here'));
    expect(await importCounts(database, places('there'))).toMatchObject({ updated: { places: 1 } });
    expect(await importCounts(database, places('there'))).toMatchObject({ updated: {} });
  });

  it('turns a hierarchy around', async () => {
    await importCounts(
      database,
      `places:
  - { slug: outer, name: Outer, kind: REGION }
  - { slug: inner, name: Inner, kind: REGION, within: outer }`,
    );
    const summary = await importCounts(
      database,
      `places:
  - { slug: outer, name: Outer, kind: REGION, within: inner }
  - { slug: inner, name: Inner, kind: REGION, within: null }`,
    );
    expect(summary).toMatchObject({ updated: { places: 2 } });
  });

  it('gives an identifier to another entity in one go', async () => {
    const people = (one: string, other: string) => `
people:
  - { slug: one, name: One, identifiers: { viaf: "${one}" } }
  - { slug: other, name: Other, identifiers: { viaf: "${other}" } }`;
    await importCounts(database, people('1', '2'));
    expect(await importCounts(database, people('2', '1'))).toMatchObject({
      updated: { people: 2 },
    });
  });

  it('lets a post end and another follow, in whatever order they stand', async () => {
    const post = (period: string) =>
      `  - { person: eve, organization: nato, title: Chief, kind: OFFICIAL, ${period} }\n`;
    const dossier = (posts: string) => `
people: [{ slug: eve, name: Eve }]
positions:
${posts}`;
    await importCounts(database, dossier(post('start: 2010')));
    const summary = await importCounts(
      database,
      dossier(post('start: 2016') + post('start: 2010, end: 2014')),
    );
    expect(summary).toMatchObject({ created: { positions: 1 }, updated: { positions: 1 } });
  });

  it('by several at once writes everything once', async () => {
    const text = '{ people: [{ slug: race, name: Race, names: [{ name: Run }] }] }';
    const summaries = await Promise.all(
      Array.from({ length: 4 }, () => importDossier(database, { name: 'race', text })),
    );
    expect(summaries.map(({ created }) => created.people).sort()).toEqual([0, 0, 0, 1]);
  });

  it('can be tried without writing', async () => {
    const source = { name: 'try', data: { people: [{ slug: 'cyd', name: 'Cyd' }] } };
    const before = await rowCount(database);
    expect(counts(await checkDossier(database, source))).toMatchObject({ created: { people: 1 } });
    expect(await rowCount(database)).toBe(before);
  });

  it('does not bring back what was deleted', async () => {
    await importCounts(database, '{ people: [{ slug: gone, name: Gone }] }');
    await database.db
      .update(entity)
      .set({ deletedAt: new Date(), deletionReason: 'a hoax' })
      .where(eq(entity.slug, 'gone'));
    expect(await importErrors(database, '{ people: [{ slug: gone, name: Gone }] }')).toEqual([
      'test.yaml:1:20: "gone" was deleted (a hoax): restore it first, or leave it out',
    ]);
  });

  it('by the slug of a record that was merged changes the record that stayed', async () => {
    await importCounts(
      database,
      '{ people: [{ slug: stays, name: A }, { slug: merged, name: B }] }',
    );
    const [stays] = await database.db.select().from(entity).where(eq(entity.slug, 'stays'));
    await database.db
      .update(entity)
      .set({ mergedIntoId: stays?.id ?? null })
      .where(eq(entity.slug, 'merged'));
    await importCounts(database, '{ people: [{ slug: merged, name: C }] }');
    const [after] = await database.db.select().from(entity).where(eq(entity.slug, 'stays'));
    expect(after?.name).toBe('C');
    expect(
      await importErrors(
        database,
        '{ people: [{ slug: stays, name: A }, { slug: merged, name: B }] }',
      ),
    ).toEqual(['test.yaml:1:46: "merged" was merged into the record at people[0]: keep one']);
  });
});
