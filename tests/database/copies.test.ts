import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { withCopies } from '../../src/knowledge/writing/copies.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { insert, insertEntity, refusalOf, rowOf, type Row } from './rows.js';

describeOnEachDatabase('columns that repeat those of another row', ({ open }) => {
  let database: Database;
  let person: string;
  let office: string;
  let article: string;
  let draft: string;
  let unique = 0;
  beforeAll(async () => {
    database = await open();
    const nato = await insertEntity(database, 'ORGANIZATION', 'nato', { kind: 'ALLIANCE' });
    office = await insertEntity(database, 'OFFICE', 'office', {
      organization_id: nato,
      kind: 'LIAISON',
    });
    person = await insertEntity(database, 'PERSON', 'person');
    const told = { title: 'T', sort_title: 't' };
    article = await insert(database, 'article', { slug: 'article', ...told });
    draft = await insert(database, 'article', { slug: 'draft', status: 'DRAFT', ...told });
  });

  const says = (db: Database, columns: Row) =>
    insert(db, 'statement', {
      article_id: article,
      kind: 'DIRECT',
      text: `t-${++unique}`,
      speaker_id: person,
      ...columns,
    });

  /** By one who says that he fills them in himself. */
  const saysHimself = (columns: Row, then?: string) =>
    database.db.transaction(async (db) => {
      await withCopies(db, true);
      const id = await says({ ...database, db }, columns);
      if (then) await db.execute(sql`update statement set speaker_id = ${then} where id = ${id}`);
      return id;
    });

  it('are filled in for whoever leaves them out', async () => {
    const hidden = await says(database, { article_id: draft });
    expect(await rowOf(database, 'statement', hidden)).toMatchObject({
      article_live: false,
      live: false,
    });
  });

  it('are taken from a writer who fills them in, and refused where they are wrong', async () => {
    const hidden = await saysHimself({ article_id: draft, article_live: false });
    expect(await rowOf(database, 'statement', hidden)).toMatchObject({ live: false });
    expect(await refusalOf(saysHimself({ article_id: draft, article_live: true }))).toBe(
      'statement_article_key',
    );
    expect(await refusalOf(saysHimself({ speaker_live: false }))).toBe('statement_speaker_key');
  });

  it('let only people and organizations speak, whoever fills them in', async () => {
    expect(await refusalOf(saysHimself({ speaker_id: office }))).toBe('statement_speaker_check');
    expect(await refusalOf(saysHimself({}, office))).toBe('statement_speaker_check');
    expect(await refusalOf(saysHimself({}))).toBeUndefined();
  });
});
