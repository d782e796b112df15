import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { insert, insertEntity, violationOf, rowOf, rowsOf, update, type Row } from './rows.js';

describeOnEachDatabase('columns that repeat those of another row', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  let nato: string;
  let office: string;
  let person: string;
  let article: string;
  let event: string;
  let statement: string;
  let unique = 0;

  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    nato = await insertEntity(database, 'ORGANIZATION', 'nato', { kind: 'ALLIANCE' });
    office = await insertEntity(database, 'OFFICE', 'office', {
      organization_id: nato,
      kind: 'LIAISON',
    });
    person = await insertEntity(database, 'PERSON', 'person');
    article = await insert(database, 'article', { slug: 'article', title: 'T', sort_title: 't' });
    event = await insert(database, 'event', { slug: 'event', name: 'E', kind: 'SUMMIT' });
    statement = await insert(database, 'statement', statementRow());
  });

  const statementRow = (columns: Row = {}): Row => ({
    article_id: article,
    kind: 'DIRECT',
    text: `t-${++unique}`,
    speaker_id: person,
    ...columns,
  });

  /** A row of each table with such columns, as they should be. */
  const rows: Record<string, () => Row> = {
    statement: () => statementRow({ article_live: true, speaker_live: true }),
    position: () => ({
      person_id: person,
      person_live: true,
      organization_id: nato,
      organization_live: true,
      title: `t-${++unique}`,
      kind: 'OTHER',
    }),
    membership: () => ({
      member_id: nato,
      member_live: true,
      organization_id: nato,
      organization_live: true,
      role: 'OTHER',
    }),
    reference: () => ({
      article_id: article,
      article_live: true,
      entity_id: nato,
      exact: 'words',
      verified: false,
    }),
    mention: () => ({
      article_id: article,
      published_sort: '-infinity',
      article_live: true,
      entity_id: nato,
      entity_live: true,
      ranges: '{}',
    }),
    statement_subject: () => ({
      statement_id: statement,
      said_sort: '-infinity',
      live: true,
      entity_id: nato,
      ordinal: 0,
    }),
    event_participant: () => ({
      event_id: event,
      start_sort: '-infinity',
      live: true,
      entity_id: nato,
      ordinal: 0,
    }),
  };

  it.each([
    ['statement', { article_live: false }, 'statement_article_key'],
    ['statement', { speaker_live: false }, 'statement_speaker_key'],
    ['position', { person_live: false }, 'position_person_key'],
    ['position', { organization_live: false }, 'position_organization_key'],
    ['membership', { member_live: false }, 'membership_member_key'],
    ['membership', { organization_live: false }, 'membership_organization_key'],
    ['reference', { article_live: false }, 'reference_article_key'],
    ['mention', { published_sort: '2020-01-01' }, 'mention_article_key'],
    ['mention', { article_live: false }, 'mention_article_key'],
    ['mention', { entity_live: false }, 'mention_entity_key'],
    ['statement_subject', { said_sort: '2020-01-01' }, 'statement_subject_statement_key'],
    ['statement_subject', { live: false }, 'statement_subject_statement_key'],
    ['event_participant', { start_sort: '2020-01-01' }, 'event_participant_event_key'],
    ['event_participant', { live: false }, 'event_participant_event_key'],
  ])(
    'are rejected in a row of %s written by hand if they are wrong: %o',
    async (table, wrong, key) => {
      const other = await insertEntity(database, 'ORGANIZATION', `o-${++unique}`, {
        kind: 'OTHER',
      });
      const columns = { ...rows[table]?.() };
      // Links are unique.
      if ('entity_id' in columns) columns['entity_id'] = other;
      if (table === 'membership') columns['organization_id'] = other;
      expect(await violationOf(insertRow(table, { ...columns, ...wrong }))).toBe(key);
      expect(await violationOf(insertRow(table, columns))).toBeUndefined();
    },
  );

  it('are rejected in an update by hand that leaves them unchanged', async () => {
    const draft = await insert(database, 'article', {
      slug: `draft-${++unique}`,
      title: 'T',
      sort_title: 't',
      status: 'DRAFT',
    });
    const said = await insert(database, 'statement', statementRow());
    expect(await violationOf(update(database, 'statement', said, { article_id: draft }))).toBe(
      'statement_article_key',
    );
    await update(database, 'statement', said, { article_id: draft, article_live: false });
    expect(await rowOf(database, 'statement', said)).toMatchObject({ live: false });
  });

  it('are filled in by the writer', async () => {
    await base.importDossier(`
articles: [{ slug: hidden, title: Hidden, publishedOn: 2020-05, body: Ann said it of Acme. }]
organizations: [{ slug: acme, name: Acme, kind: OTHER }]
people: [{ slug: ann, name: Ann }]`);
    await rowsOf(database, `update article set status = 'DRAFT' where slug = 'hidden'`);
    await rowsOf(database, `update entity set status = 'DRAFT' where slug = 'acme'`);
    await base.importDossier(`
positions: [{ person: ann, organization: acme, title: Chair, kind: OTHER }]
statements:
  - { article: hidden, kind: INDIRECT, text: It., speaker: ann, about: [acme], saidOn: 2020-04 }`);
    const [copied] = await rowsOf(
      database,
      `select s.article_live, s.speaker_live, x.said_sort::text, x.live, p.person_live, p.organization_live
       from statement s join statement_subject x on x.statement_id = s.id, position p
       where s.text = 'It.' and p.title = 'Chair'`,
    );
    expect(copied).toEqual({
      article_live: false,
      speaker_live: true,
      said_sort: '2020-04-01',
      live: false,
      person_live: true,
      organization_live: false,
    });
  });

  it('let only people and organizations speak, also where many rows are written at once', async () => {
    const says = (speaker: string) =>
      insert(database, 'statement', statementRow({ speaker_id: speaker }));
    expect(await violationOf(says(office))).toBe('statement_speaker_check');
    expect(
      await violationOf(update(database, 'statement', await says(person), { speaker_id: office })),
    ).toBe('statement_speaker_check');
    const many = rowsOf(
      database,
      `insert into statement (id, article_id, kind, text, speaker_id)
       select gen_random_uuid(), '${article}', 'DIRECT', 'm-' || n, case n when 50 then '${office}' else '${person}' end::uuid
       from generate_series(1, 100) n`,
    );
    expect(await violationOf(many)).toBe('statement_speaker_check');
  });

  /** Rows of links have no id. */
  const insertRow = async (table: string, row: Row): Promise<unknown> =>
    'ordinal' in row
      ? rowsOf(
          database,
          `insert into ${table} (${Object.keys(row).join(', ')})
           values (${Object.values(row)
             .map((value) => `'${String(value)}'`)
             .join(', ')})`,
        )
      : insert(database, table, row);
});
