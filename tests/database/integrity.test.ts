import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { insert, insertEntity, violationOf, rowOf, rowsOf, update, type Row } from './rows.js';

describeOnEachDatabase('the database itself', ({ open }) => {
  let database: Database;
  let unique = 0;
  let nato: string;
  let tokyo: string;
  let office: string;
  let person: string;
  let article: string;
  const slug = () => `n-${++unique}`;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    nato = await insertEntity(database, 'ORGANIZATION', slug(), { kind: 'ALLIANCE' });
    tokyo = await insertEntity(database, 'PLACE', slug(), { kind: 'CITY' });
    office = await insertEntity(database, 'OFFICE', slug(), {
      organization_id: nato,
      kind: 'LIAISON',
    });
    person = await insertEntity(database, 'PERSON', slug());
    article = await insert(database, 'article', { slug: slug(), title: 'T', sort_title: 't' });
  });

  describe('keeps slugs in form:', () => {
    const entity = (name: string) =>
      insert(database, 'entity', { type: 'PERSON', slug: name, name: 'N', sort_name: 'n' });

    it.each(['nato', 'g7', '1984', 'nato-office-2'])('%j is one', async (name) => {
      expect(await violationOf(entity(name))).toBeUndefined();
      expect(await violationOf(entity(name))).toBe('entity_slug_key');
    });

    it.each(['', 'NATO', 'na_to', 'na to', '-nato', 'nato-', 'na--to', 'zürich', 'nato\n'])(
      '%j is none',
      async (name) => {
        expect(await violationOf(entity(name))).toBe('entity_slug_check');
        const titled = { slug: name, title: 'T', sort_title: 't' };
        expect(await violationOf(insert(database, 'article', titled))).toBe('article_slug_check');
      },
    );
  });

  describe('keeps an entity and the row of its class as one:', () => {
    it('renaming the one renames the other', async () => {
      await update(database, 'entity', office, { name: 'Zwei', sort_name: 'zwei' });
      expect(await rowOf(database, 'office', office)).toMatchObject({ sort_name: 'zwei' });
    });

    it.each([
      [{ deleted_at: '2023-05-03' }, { deleted_at: null }],
      [{ status: 'DRAFT' }, { status: 'PUBLISHED' }],
    ])('with %o it is no longer live, with %o it is again', async (away, back) => {
      await update(database, 'entity', office, away);
      expect(await rowOf(database, 'office', office)).toMatchObject({ live: false });
      await update(database, 'entity', office, back);
      expect(await rowOf(database, 'office', office)).toMatchObject({ live: true });
    });

    it('merged into another it is no longer live', async () => {
      const other = await insertEntity(database, 'PERSON', slug());
      await update(database, 'entity', person, { merged_into_id: other });
      expect(await rowOf(database, 'person', person)).toMatchObject({ live: false });
    });

    it('the class must be its type', async () => {
      const id = await insert(database, 'entity', {
        type: 'PERSON',
        slug: slug(),
        name: 'n',
        sort_name: 'n',
      });
      const city = { id, sort_name: 'n', live: true, kind: 'CITY' };
      expect(await violationOf(insert(database, 'place', city))).toBe('place_entity_key');
      expect(await violationOf(insert(database, 'place', { ...city, type: 'PERSON' }))).toBe(
        'place_type_check',
      );
      expect(await violationOf(update(database, 'entity', person, { type: 'PLACE' }))).toBe(
        'person_type_check',
      );
    });
  });

  describe('carries to a mention', () => {
    const mention = (columns: Row = {}) =>
      insert(database, 'mention', {
        article_id: article,
        entity_id: nato,
        ranges: '{[4,8)}',
        published_sort: '-infinity',
        ...columns,
      });

    it('the day of its article', async () => {
      const id = await mention();
      await update(database, 'article', article, { published_on: '2023-05' });
      const [row] = await rowsOf(
        database,
        `select published_sort::text from mention where id = '${id}'`,
      );
      expect(row).toEqual({ published_sort: '2023-05-01' });
    });

    it('whether its article and its entity are both live', async () => {
      const id = await mention();
      const live = async () => (await rowOf(database, 'mention', id))['live'];
      expect(await live()).toBe(true);
      for (const [table, end] of [
        ['article', article],
        ['entity', nato],
      ] as const) {
        await update(database, table, end, { deleted_at: '2023-06-01' });
        expect(await live()).toBe(false);
        await update(database, table, end, { deleted_at: null });
        expect(await live()).toBe(true);
      }
    });

    it('that its article was a draft already, which a hand has to say', async () => {
      await update(database, 'article', article, { status: 'DRAFT' });
      expect(await violationOf(mention())).toBe('mention_article_key');
      const hidden = await mention({ article_live: false });
      expect(await rowOf(database, 'mention', hidden)).toMatchObject({ live: false });
    });
  });

  it('lets organizations be parts of each other, but in no circle', async () => {
    const part = await insertEntity(database, 'ORGANIZATION', slug(), {
      kind: 'COMMITTEE',
      parent_id: nato,
    });
    for (const parent of [nato, part]) {
      expect(await violationOf(update(database, 'organization', nato, { parent_id: parent }))).toBe(
        'organization_parent_check',
      );
    }
  });

  it('lets only people and organizations speak', async () => {
    const says = (speaker: string) =>
      insert(database, 'statement', {
        article_id: article,
        kind: 'DIRECT',
        text: slug(),
        speaker_id: speaker,
      });
    for (const speaker of [person, nato]) {
      const statement = await says(speaker);
      expect(
        await violationOf(update(database, 'statement', statement, { speaker_id: tokyo })),
      ).toBe('statement_speaker_check');
    }
    for (const speaker of [office, tokyo]) {
      expect(await violationOf(says(speaker))).toBe('statement_speaker_check');
    }
  });

  describe('wants a reference', () => {
    const reference = (columns: Row) =>
      insert(database, 'reference', {
        article_id: article,
        exact: 'an office',
        verified: false,
        ...columns,
      });

    it('to support exactly one fact', async () => {
      const position = await insert(database, 'position', {
        person_id: person,
        organization_id: nato,
        title: 'Secretary General',
        kind: 'HEAD_OF_ORGANIZATION',
      });
      expect(await violationOf(reference({}))).toBe('reference_fact_check');
      expect(await violationOf(reference({ entity_id: nato, position_id: position }))).toBe(
        'reference_fact_check',
      );
      expect(await violationOf(reference({ entity_id: nato }))).toBeUndefined();
      expect(await violationOf(reference({ position_id: position }))).toBeUndefined();
    });

    it.each([
      [{ verified: true, start: 4, end: 9 }, undefined],
      [{ verified: true }, 'reference_offsets_check'],
      [{ verified: true, start: 4 }, 'reference_offsets_check'],
      [{ verified: true, start: 4, end: 4 }, 'reference_offsets_check'],
      [{ verified: true, start: -1, end: 4 }, 'reference_offsets_check'],
      [{ verified: false, start: 4, end: 9 }, 'reference_offsets_check'],
      [{ verified: false, end: 9 }, 'reference_offsets_check'],
    ])('to have a place in the text when it was found: %o', async (columns, violation) => {
      expect(await violationOf(reference({ entity_id: nato, ...columns }))).toBe(violation);
    });
  });

  describe('only adds to the history:', () => {
    it.each([
      ['changed', `update revision set actor = 'somebody else'`],
      ['deleted', 'delete from revision'],
      ['emptied', 'truncate revision'],
    ])('revisions cannot be %s', async (_, statement) => {
      const revision = { actor: 'me', action: 'CREATE', entity_id: nato, changes: '{}' };
      await insert(database, 'revision', revision);
      expect(await violationOf(rowsOf(database, statement))).toBe('23001');
    });
  });

  it('rejects overlapping posts, and overlapping roles in an organization', async () => {
    const post = { person_id: person, organization_id: nato, title: 'Envoy', kind: 'OFFICIAL' };
    await insert(database, 'position', { ...post, start: '2020', end: '2023' });
    const again = { ...post, start: '2021' };
    expect(await violationOf(insert(database, 'position', again))).toBe(
      'position_held_once_at_a_time',
    );
    expect(
      await violationOf(insert(database, 'position', { ...again, title: 'Chair' })),
    ).toBeUndefined();
    expect(
      await violationOf(insert(database, 'position', { ...post, start: '2023' })),
    ).toBeUndefined();

    const quad = await insertEntity(database, 'ORGANIZATION', slug(), { kind: 'ALLIANCE' });
    const role = { member_id: nato, organization_id: quad, role: 'PARTNER' };
    await insert(database, 'membership', { ...role, start: '2020' });
    const twice = { ...role, start: '2021' };
    expect(await violationOf(insert(database, 'membership', twice))).toBe(
      'membership_held_once_at_a_time',
    );
    const itself = { ...role, organization_id: nato };
    expect(await violationOf(insert(database, 'membership', itself))).toBe(
      'membership_member_check',
    );
  });

  it.each([
    [{ staff_count: -1 }, 'office_staff_count_check'],
    [{ latitude: 35.7 }, 'office_coordinates_check'],
    [{ latitude: 90.1, longitude: 0 }, 'office_coordinates_check'],
    [{ latitude: 0, longitude: -180.1 }, 'office_coordinates_check'],
    [{ latitude: -90, longitude: 180, staff_count: 0 }, undefined],
  ])('checks whether an office can have %o', async (columns, violation) => {
    expect(await violationOf(update(database, 'office', office, columns))).toBe(violation);
  });
});
