import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('the viewer', ({ open }) => {
  const query = '{ viewer { name role permissions } }';
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open(), { cacheMegabytes: 16 });
  });

  it.each([
    ['READER', ['READ']],
    ['EDITOR', ['READ', 'READ_DRAFTS', 'EDIT']],
    ['ADMIN', ['READ', 'READ_DRAFTS', 'EDIT', 'ERASE']],
  ] as const)('is a client with the role %s and its permissions', async (role, permissions) => {
    expect(await base.executeAs(role, query)).toEqual({
      data: { viewer: { name: role.toLowerCase(), role, permissions } },
    });
  });

  it('is null for an anonymous client, also after another one', async () => {
    await base.executeAs('READER', query);
    expect(await base.execute(query)).toEqual({ data: { viewer: null } });
    await base.executeAs('READER', query);
    expect(await base.execute(query)).toEqual({ data: { viewer: null } });
  });
});
