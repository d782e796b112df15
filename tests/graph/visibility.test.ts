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
    await base.importDossier(`
      articles:
        - { slug: public, title: Public, body: Acme opens. Bob chairs., mentions: [acme, { entity: bob, as: [Bob] }] }
        - { slug: secret, title: Secret, body: Acme hides., publisher: acme, mentions: [acme] }
      organizations:
        - slug: acme
          name: Acme
          kind: ALLIANCE
          references: [{ article: secret, exact: hides }]
        - { slug: akme, name: Akme, kind: ALLIANCE }
        - { slug: gone, name: Gone, kind: STATE }
      people: [{ slug: bob, name: Bob }]
      offices: [{ slug: bureau, name: Bureau, kind: FIELD, organization: acme }]
      positions: [{ person: bob, organization: acme, title: Chair, kind: HEAD_OF_ORGANIZATION }]
      memberships: [{ member: gone, organization: acme, role: MEMBER }]
      statements:
        - { article: public, speaker: acme, kind: DIRECT, text: Acme opens, about: [akme] }
        - { article: secret, speaker: acme, kind: DIRECT, text: Acme hides, about: [acme] }
        - { article: public, speaker: bob, kind: DIRECT, text: Bob chairs, about: [acme] }
    `);
    const change = (statement: string) => database.db.execute(sql.raw(statement));
    await change(`update article set status = 'DRAFT' where slug = 'secret'`);
    await change(
      `update entity set merged_into_id = (select id from entity where slug = 'acme') where slug = 'akme'`,
    );
    await change(
      `update entity set deleted_at = now(), deletion_reason = 'test' where slug in ('bureau', 'bob', 'gone')`,
    );
  });

  it('a draft is absent from look-ups, lists, counts and links', async () => {
    const { data } = await base.execute(`{
      article(slug: "secret") { id }
      articles { totalCount nodes { slug } }
      organization(slug: "acme") { mentions { totalCount nodes { article { slug } } } articles { totalCount } }
    }`);
    expect(data).toEqual({
      article: null,
      articles: { totalCount: 1, nodes: [{ slug: 'public' }] },
      organization: {
        mentions: { totalCount: 1, nodes: [{ article: { slug: 'public' } }] },
        articles: { totalCount: 0 },
      },
    });
  });

  it('what rests on a draft is absent with it', async () => {
    const { data } = await base.execute(`{
      organization(slug: "acme") { references { totalCount nodes { exact } } statementsAbout { totalCount } }
      organizations(filter: { referenced: true }) { totalCount }
      statements(filter: { publisher: ["acme"] }) { totalCount }
      all: statements { totalCount nodes { text } }
    }`);
    expect(data).toEqual({
      organization: {
        references: { totalCount: 0, nodes: [] },
        statementsAbout: { totalCount: 0 },
      },
      organizations: { totalCount: 0 },
      statements: { totalCount: 0 },
      all: { totalCount: 1, nodes: [{ text: 'Acme opens' }] },
    });
  });

  it('the posts, memberships, words and mentions of what was deleted are absent with it', async () => {
    const { data } = await base.execute(`{
      organization(slug: "acme") { positions { totalCount nodes { title } } members { totalCount } }
      article(slug: "public") { mentions { totalCount } statements { totalCount } }
    }`);
    expect(data).toEqual({
      organization: { positions: { totalCount: 0, nodes: [] }, members: { totalCount: 0 } },
      article: { mentions: { totalCount: 1 }, statements: { totalCount: 1 } },
    });
  });

  it('what was deleted and is restored is there again with all that hangs on it', async () => {
    await database.db.execute(sql`update entity set deleted_at = null where slug = 'bob'`);
    const { data } = await base.execute(`{
      organization(slug: "acme") { positions { totalCount } statementsAbout { totalCount } } }`);
    expect(data).toEqual({
      organization: { positions: { totalCount: 1 }, statementsAbout: { totalCount: 1 } },
    });
    await database.db.execute(sql`update entity set deleted_at = now() where slug = 'bob'`);
  });

  it('what was deleted is absent', async () => {
    const { data } = await base.execute(`{
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
    const { data } = await base.execute(`{
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
