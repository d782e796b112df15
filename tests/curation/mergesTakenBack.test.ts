/** What is taken back after a merge leads to the record that stayed, and leaves nothing behind. */
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { audit } from '../../src/knowledge/history/audit.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { mutationOf, make, mutate, type Result } from './support.js';

describeOnEachDatabase('what is taken back after a merge', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  let count = 0;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
  });
  const named = (type: string) =>
    make(base, type, `{ name: "Some ${type} ${++count}"${kinds[type] ?? ''} }`);
  const post = async (person: string, organization: string, title: string) =>
    (
      await make(
        base,
        'Position',
        `{ person: "${person}", organization: "${organization}", title: "${title}", kind: OTHER, start: "2020" }`,
        { fields: 'id' },
      )
    ).id;
  const edit = (call: string) => {
    const [name = ''] = call.split('(');
    const type = { merge: 'MergePayload', undo: 'UndoPayload' }[name] ?? 'RecordPayload';
    return mutate(base, mutationOf(call, `${type} { changeId warnings { code message } }`));
  };
  const done = async (call: string): Promise<string> => {
    const result = await edit(call);
    expect(result.__typename, JSON.stringify(result)).toMatch(/Payload$/);
    return result.changeId ?? '';
  };
  const merge = (from: { id: string }, into: { id: string }) =>
    done(`merge(from: "${from.id}", into: "${into.id}")`);
  const undo = (change: string) => done(`undo(changeId: "${change}")`);
  const titles = async (person: { slug: string }) => {
    const { data } = await base.execute(
      `{ person(slug: "${person.slug}") { slug positions { nodes { title } } } }`,
    );
    const { slug, positions } = data?.['person'] as {
      slug: string;
      positions: { nodes: { title: string }[] };
    };
    return [slug, ...positions.nodes.map(({ title }) => title)];
  };
  const agrees = async () => expect((await audit(database)).discrepancies).toEqual([]);
  const expectConflict = (result: Result, message: RegExp) =>
    expect([result.__typename, result['message']]).toEqual([
      'ConflictError',
      expect.stringMatching(message),
    ]);

  it('a post as it was before the merge is of the person that stayed', async () => {
    const [a, b, firm] = [
      await named('Person'),
      await named('Person'),
      await named('Organization'),
    ];
    const id = await post(a.slug, firm.slug, 'Clerk');
    await merge(a, b);
    await done(`revert(id: "${id}", toRevision: 1)`);
    expect(await titles(b)).toEqual([b.slug, 'Clerk']);
    await agrees();
  });

  it('a post that went to another person comes back to the one that stayed', async () => {
    const [a, b, c] = [await named('Person'), await named('Person'), await named('Person')];
    const firm = await named('Organization');
    const id = await post(a.slug, firm.slug, 'Clerk');
    const moved = await mutate(
      base,
      mutationOf(
        `updatePosition(id: "${id}", input: { person: "${c.slug}" })`,
        'PositionPayload { changeId }',
      ),
    );
    await merge(a, b);
    await undo(moved.changeId ?? '');
    expect(await titles(b)).toEqual([b.slug, 'Clerk']);
    await agrees();
  });

  it('a repeated merge includes what was added meanwhile', async () => {
    const [a, b, firm] = [
      await named('Person'),
      await named('Person'),
      await named('Organization'),
    ];
    await post(a.slug, firm.slug, 'Clerk');
    const undone = await undo(await merge(a, b));
    await post(a.slug, firm.slug, 'Judge');
    await undo(undone);
    expect((await titles(a)).sort()).toEqual(['Clerk', 'Judge', b.slug]);
    await agrees();
  });

  it('a record that becomes what it was when it was merged takes its facts along', async () => {
    const [a, b, firm] = [
      await named('Person'),
      await named('Person'),
      await named('Organization'),
    ];
    await post(a.slug, firm.slug, 'Clerk');
    await undo(await merge(a, b));
    await done(`revert(id: "${a.id}", toRevision: 2)`);
    expect(await titles(a)).toEqual([b.slug, 'Clerk']);
    await agrees();
  });

  it('a merge is not made again into a record that was merged or deleted since', async () => {
    const [a, b, c] = [await named('Person'), await named('Person'), await named('Person')];
    const undone = await undo(await merge(a, b));
    const away = await merge(b, c);
    expectConflict(await edit(`undo(changeId: "${undone}")`), /merged/);
    await undo(away);
    await done(`delete(id: "${b.id}", reason: "test")`);
    expectConflict(await edit(`undo(changeId: "${undone}")`), /deleted: restore/);
    await agrees();
  });

  it('of a chain of merges the middle one is undone only after the last', async () => {
    const [a, b, c] = [await named('Person'), await named('Person'), await named('Person')];
    const firm = await named('Organization');
    await post(a.slug, firm.slug, 'Clerk');
    const first = await merge(a, b);
    const last = await merge(b, c);
    expectConflict(await edit(`undo(changeId: "${first}")`), /changed again since/);
    await undo(last);
    expect(await titles(a)).toEqual([b.slug, 'Clerk']);
    await undo(first);
    expect(await titles(a)).toEqual([a.slug, 'Clerk']);
    expect(await titles(b)).toEqual([b.slug]);
    await agrees();
  });

  it('a duplicate position is not restored beside the other', async () => {
    const [a, b, firm] = [
      await named('Person'),
      await named('Person'),
      await named('Organization'),
    ];
    const double = await post(a.slug, firm.slug, 'Clerk');
    const kept = await post(b.slug, firm.slug, 'Clerk');
    const merged = await merge(a, b);
    expectConflict(await edit(`restore(id: "${double}")`), /says the same/);
    const rename = `updatePosition(id: "${kept}", input: { title: "Head clerk" })`;
    await mutate(base, mutationOf(rename, 'PositionPayload { changeId }'));
    await done(`restore(id: "${double}")`);
    expect((await titles(b)).sort()).toEqual(['Clerk', 'Head clerk', b.slug]);
    expectConflict(await edit(`undo(changeId: "${merged}")`), /changed again since/);
    await agrees();
  });

  it('a deleted post that both had does not stand in the way of a merge', async () => {
    const [a, b, firm] = [
      await named('Person'),
      await named('Person'),
      await named('Organization'),
    ];
    const deleted = await post(a.slug, firm.slug, 'Clerk');
    await post(b.slug, firm.slug, 'Clerk');
    await done(`delete(id: "${deleted}", reason: "test")`);
    const merged = await merge(a, b);
    expect(await titles(b)).toEqual([b.slug, 'Clerk']);
    await undo(merged);
    await done(`restore(id: "${deleted}")`);
    expect(await titles(a)).toEqual([a.slug, 'Clerk']);
    await agrees();
  });

  it('facts of what was merged that were edited since go back as they are', async () => {
    const [a, b, firm] = [
      await named('Person'),
      await named('Person'),
      await named('Organization'),
    ];
    const id = await post(a.slug, firm.slug, 'Clerk');
    const merged = await merge(a, b);
    const rename = `updatePosition(id: "${id}", input: { title: "Judge" })`;
    await mutate(base, mutationOf(rename, 'PositionPayload { changeId }'));
    await undo(merged);
    expect(await titles(a)).toEqual([a.slug, 'Judge']);
    expect(await titles(b)).toEqual([b.slug]);
    await agrees();
  });

  it('memberships, parents, offices, events, statements and mentions lead to what stayed', async () => {
    const [a, b] = [await named('Organization'), await named('Organization')];
    const [member, child] = [await named('Organization'), await named('Organization')];
    const text = `Some words of number ${++count}`;
    const article = await make(
      base,
      'Article',
      `{ title: "Article ${count}", body: "“${text},” it said of ${a.slug}.", publisher: "${a.slug}",
         mentions: [{ entity: "${a.slug}", names: ["${a.slug}"] }] }`,
    );
    const event = await make(
      base,
      'Event',
      `{ name: "Event ${count}", kind: MEETING, start: "2020", participants: ["${a.slug}"] }`,
    );
    const statement = await make(
      base,
      'Statement',
      `{ article: "${article.slug}", speaker: "${a.slug}", text: "${text}", kind: DIRECT,
         about: ["${a.slug}", "${member.slug}"], audience: ["${a.slug}"] }`,
      { fields: 'id' },
    );
    const membership = await make(
      base,
      'Membership',
      `{ member: "${member.slug}", organization: "${a.slug}", role: MEMBER }`,
      { fields: 'id' },
    );
    const office = await make(
      base,
      'Office',
      `{ name: "Office ${count}", organization: "${a.slug}", kind: FIELD }`,
    );
    await mutate(
      base,
      mutationOf(
        `updateOrganization(id: "${child.id}", input: { parent: "${a.slug}" })`,
        'OrganizationPayload { changeId }',
      ),
    );
    await merge(a, b);
    for (const [id, to] of [
      [article.id, 1],
      [event.id, 1],
      [statement.id, 1],
      [membership.id, 1],
      [office.id, 1],
      [child.id, 2],
    ] as const) {
      await done(`revert(id: "${id}", toRevision: ${to})`);
    }
    const { data, errors } = await base.execute(`{
      article(slug: "${article.slug}") { publisher { slug } mentions { nodes { entity { slug } } } }
      event(slug: "${event.slug}") { participants { slug } }
      statement: node(id: "${statement.id}") { ... on Statement { speaker { ... on Organization { slug } } about { slug } audience { slug } } }
      membership: node(id: "${membership.id}") { ... on Membership { organization { slug } } }
      office(slug: "${office.slug}") { organization { slug } }
      organization(slug: "${child.slug}") { parent { slug } } }`);
    expect(errors).toBeUndefined();
    const stays = { slug: b.slug };
    expect(data).toEqual({
      article: { publisher: stays, mentions: { nodes: [{ entity: stays }] } },
      event: { participants: [stays] },
      statement: {
        speaker: stays,
        about: [stays, { slug: member.slug }],
        audience: [stays],
      },
      membership: { organization: stays },
      office: { organization: stays },
      organization: { parent: stays },
    });
    await agrees();
  });

  it('quotations of an article that was merged go back with it, and lead to the one that stays', async () => {
    const words = `The member rose in sitting ${++count}`;
    const [a, b] = [
      await make(base, 'Article', `{ title: "Old ${count}", body: "${words}." }`),
      await make(base, 'Article', `{ title: "New ${count}", body: "It is told that: ${words}." }`),
    ];
    const person = await named('Person');
    await done(`cite(input: { target: "${person.id}", article: "${a.slug}", exact: "${words}" })`);
    const cited = async () => {
      const { data } = await base.execute(
        `{ person(slug: "${person.slug}") { references { nodes { verified article { slug } } } } }`,
      );
      return (data?.['person'] as { references: unknown }).references;
    };
    const of = ({ slug }: { slug: string }) => ({ nodes: [{ verified: true, article: { slug } }] });
    const merged = await merge(a, b);
    expect(await cited()).toEqual(of(b));
    const undone = await undo(merged);
    expect(await cited()).toEqual(of(a));
    await undo(undone);
    expect(await cited()).toEqual(of(b));
    await done(`revert(id: "${person.id}", toRevision: 2)`);
    expect(await cited()).toEqual(of(b));
    await agrees();
  });

  it('what made a record that was merged since is not undone', async () => {
    const made = await mutate(
      base,
      mutationOf(
        'createPerson(input: { name: "Made for a merge" })',
        'PersonPayload { changeId person { id } }',
      ),
    );
    const into = await named('Person');
    await merge(made['person'] as { id: string }, into);
    expectConflict(await edit(`undo(changeId: "${made.changeId ?? ''}")`), /was merged since into/);
    await agrees();
  });
});

// Private:

const kinds: Record<string, string> = { Organization: ', kind: COMPANY' };
