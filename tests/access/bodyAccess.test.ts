import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { audit } from '../../src/knowledge/history/audit.js';
import { make, mutate, mutationOf } from '../curation/support.js';
import { dump, importAll } from '../exchange/stream/support.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

const payload = 'ArticlePayload { changeId article { bodyAccess } }';

describeOnEachDatabase('the right to show the body of an article', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  const accessOf = async (slug: string) => {
    const { data } = await base.execute(`{ article(slug: "${slug}") { bodyAccess } }`);
    return (data?.['article'] as { bodyAccess: string }).bodyAccess;
  };
  const historyOf = async (slug: string) => {
    const { data } = await base.executeAs(
      'EDITOR',
      `{ article(slug: "${slug}") { history {
        nodes { fields { name before after } } } } }`,
    );
    const { history } = data?.['article'] as { history: { nodes: Revision[] } };
    return history.nodes.reverse();
  };
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database, { bodyAccess: 'PASSAGES' });
    await base.importDossier(`
      organizations:
        - { slug: open-press, name: Open Press, kind: NEWS_MEDIUM, articleBodyAccess: FULL }
        - { slug: daily, name: Daily, kind: NEWS_MEDIUM }
      articles:
        - { slug: open-one, title: One, publisher: open-press, body: One. }
        - { slug: daily-one, title: One, publisher: daily, body: One. }
        - { slug: daily-two, title: Two, publisher: daily, body: Two., bodyAccess: FULL }
        - { slug: nobody, title: Three, body: Three. }`);
  });

  it('is by default that of the publisher, else that of the server', async () => {
    expect(await accessOf('open-one')).toBe('FULL');
    expect(await accessOf('daily-one')).toBe('PASSAGES');
    expect(await accessOf('daily-two')).toBe('FULL');
    expect(await accessOf('nobody')).toBe('PASSAGES');
    const made = async (input: string) =>
      (await make<{ bodyAccess: string }>(base, 'Article', input, { fields: 'bodyAccess' }))
        .bodyAccess;
    expect(await made('{ slug: "a", title: "A" }')).toBe('PASSAGES');
    expect(await made('{ slug: "b", title: "B", publisher: "open-press" }')).toBe('FULL');
    expect(await made('{ slug: "c", title: "C", publisher: "daily" }')).toBe('PASSAGES');
    expect(await made('{ slug: "d", title: "D", bodyAccess: FULL }')).toBe('FULL');
    expect(await made('{ slug: "e", title: "E", bodyAccess: null }')).toBe('PASSAGES');
  });

  it('is stored with the article: another default changes no article that exists', async () => {
    const { data } = await base.execute(
      '{ organization(slug: "open-press") { id articleBodyAccess } }',
    );
    const { id, articleBodyAccess } = data?.['organization'] as Record<string, string>;
    expect(articleBodyAccess).toBe('FULL');
    const change = (access: string) =>
      mutate(
        base,
        mutationOf(
          `updateOrganization(id: "${id}", input: { articleBodyAccess: ${access} })`,
          'OrganizationPayload { organization { articleBodyAccess } }',
        ),
      );
    expect(await change('PASSAGES')).toMatchObject({
      organization: { articleBodyAccess: 'PASSAGES' },
    });
    expect(await accessOf('open-one')).toBe('FULL');
    // An import that says nothing of it leaves it as well.
    await base.importDossier('articles: [{ slug: open-one, title: One!, publisher: open-press }]');
    expect(await accessOf('open-one')).toBe('FULL');
    await base.importDossier('articles: [{ slug: open-two, title: Two, publisher: open-press }]');
    expect(await accessOf('open-two')).toBe('PASSAGES');
    expect(await change('null')).toMatchObject({ organization: { articleBodyAccess: null } });
    expect(await accessOf('open-two')).toBe('PASSAGES');
  });

  it('is changed by an update, which history tells and undo reverses; revert leaves it', async () => {
    const { id } = await make(base, 'Article', '{ slug: "f", title: "F", bodyAccess: FULL }');
    const update = (input: string) =>
      mutate(base, mutationOf(`updateArticle(id: "${id}", input: ${input})`, payload));
    expect((await update('{ bodyAccess: null }')).issues).toEqual([
      expect.objectContaining({ path: 'input.bodyAccess' }),
    ]);
    expect(await update('{ title: "G", bodyAccess: PASSAGES }')).toMatchObject({
      article: { bodyAccess: 'PASSAGES' },
    });
    const [, second] = await historyOf('f');
    expect(second?.fields).toContainEqual({
      name: 'bodyAccess',
      before: 'FULL',
      after: 'PASSAGES',
    });
    await mutate(
      base,
      mutationOf(`revert(id: "${id}", toRevision: 1)`, 'MutationPayload { changeId }'),
    );
    expect(await accessOf('f')).toBe('PASSAGES');
    const changed = await update('{ bodyAccess: FULL }');
    expect(await accessOf('f')).toBe('FULL');
    await mutate(
      base,
      mutationOf(`undo(changeId: "${changed.changeId}")`, 'UndoPayload { changeId }'),
    );
    expect(await accessOf('f')).toBe('PASSAGES');
  });

  it('is not opened by a merge that moves the body to another article', async () => {
    const { id: from } = await make(
      base,
      'Article',
      '{ slug: "m", title: "M", bodyAccess: PASSAGES, body: "Kept." }',
    );
    const { id: into } = await make(base, 'Article', '{ slug: "n", title: "N", bodyAccess: FULL }');
    const merge = `merge(from: "${from}", into: "${into}")`;
    const merged = await mutate(base, mutationOf(merge, 'MergePayload { changeId }'));
    expect(merged).not.toHaveProperty('issues');
    expect(await accessOf('n')).toBe('PASSAGES');
    await mutate(
      base,
      mutationOf(`undo(changeId: "${merged.changeId}")`, 'UndoPayload { changeId }'),
    );
    expect(await accessOf('n')).toBe('FULL');
    expect(await accessOf('m')).toBe('PASSAGES');
  });

  it('agrees with history', async () => {
    const { discrepancies } = await audit(database);
    expect(discrepancies).toEqual([]);
  });

  describe('in a stream', () => {
    it('travels with each article, whatever the defaults of the other knowledge base', async () => {
      const other = await open();
      const lines = await dump(database);
      expect(lines.join('\n')).toContain('"bodyAccess":"FULL"');
      await importAll(
        other,
        lines.map((line) => JSON.parse(line) as object),
        { bodyAccess: 'PASSAGES', keepGoing: false },
      );
      expect(await dump(other)).toEqual(lines);
    });

    it('is by default that of the publisher, also of one in the same file', async () => {
      await importAll(
        database,
        [
          { type: 'Article', slug: 's-one', title: 'S', publisher: 'weekly' },
          {
            type: 'Organization',
            slug: 'weekly',
            name: 'Weekly',
            kind: 'NEWS_MEDIUM',
            articleBodyAccess: 'PASSAGES',
          },
          { type: 'Article', slug: 's-two', title: 'S', publisher: 'open-press' },
        ],
        { keepGoing: false },
      );
      expect(await accessOf('s-one')).toBe('PASSAGES');
      expect(await accessOf('s-two')).toBe('FULL');
    });

    it('is rejected where it is neither FULL nor PASSAGES', async () => {
      const { rejections } = await importAll(database, [
        { type: 'Article', slug: 'wrong', title: 'S', bodyAccess: 'FULLY' },
      ]);
      expect(rejections).toEqual([
        '1: "bodyAccess" "FULLY" is unknown (did you mean "FULL"?): use one of FULL, PASSAGES',
      ]);
    });
  });
});

interface Revision {
  fields: { name: string; before: unknown; after: unknown }[];
}
