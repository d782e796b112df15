import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('what readers may see', ({ open }) => {
  let base: KnowledgeBase;
  let database: Database;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    await base.tell(`
      articles:
        - { slug: public, title: Public, body: Acme opens. }
        - { slug: secret, title: Secret, body: Acme opens., publisher: acme, mentions: [acme] }
      organizations: [{ slug: acme, name: Acme, kind: ALLIANCE }, { slug: akme, name: Akme, kind: ALLIANCE }]
      offices: [{ slug: bureau, name: Bureau, kind: FIELD, organization: acme, references: [{ article: secret, exact: opens }] }]
      statements: [{ article: public, speaker: acme, kind: DIRECT, text: We open, about: [akme] }]
    `);
    const change = (statement: string) => database.db.execute(sql.raw(statement));
    await change(`update article set status = 'DRAFT' where slug = 'secret'`);
    await change(
      `update entity set merged_into_id = (select id from entity where slug = 'acme') where slug = 'akme'`,
    );
    await change(
      `update entity set deleted_at = now(), deletion_reason = 'test' where slug = 'bureau'`,
    );
  });

  it('a draft is absent from look-ups, lists, counts and links', async () => {
    const { data } = await base.ask(`{
      article(slug: "secret") { id }
      articles { totalCount nodes { slug } }
      organization(slug: "acme") { mentions { totalCount nodes { id } } articles { totalCount } }
    }`);
    expect(data).toEqual({
      article: null,
      articles: { totalCount: 1, nodes: [{ slug: 'public' }] },
      organization: { mentions: { totalCount: 0, nodes: [] }, articles: { totalCount: 0 } },
    });
  });

  it('what was deleted is absent', async () => {
    const { data } = await base.ask(`{
      office(slug: "bureau") { id } offices { totalCount nodes { id } }
      organization(slug: "acme") { offices { totalCount } }
    }`);
    expect(data).toEqual({
      office: null,
      offices: { totalCount: 0, nodes: [] },
      organization: { offices: { totalCount: 0 } },
    });
  });

  it('the slug of a record that was merged leads to the one that stayed', async () => {
    const { data } = await base.ask(`{
      organization(slug: "akme") { slug }
      organizations { nodes { slug } }
      statements { nodes { about { slug } } }
    }`);
    expect(data).toEqual({
      organization: { slug: 'acme' },
      organizations: { nodes: [{ slug: 'acme' }] },
      statements: { nodes: [{ about: [{ slug: 'acme' }] }] },
    });
  });
});
