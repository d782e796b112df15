import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/database/open.js';
import { describeOnEachServer } from '../../support/databases.js';
import { knowledgeBase } from '../../support/knowledgeBase.js';

describeOnEachServer('two who write at once', ({ newDatabase }) => {
  it('leave nothing out of what search knows of a person to whom both add a post', async () => {
    const url = await newDatabase();
    const [one, other] = [await openDatabase({ url }), await openDatabase({ url })];
    onTestFinished(async () => {
      await Promise.all([one.close(), other.close()]);
    });
    await one.migrate();
    const base = knowledgeBase(one);
    await base.importDossier(`
      people: [{ slug: ann, name: Ann }]
      organizations: [{ slug: acme, name: Acme, kind: OTHER }]`);
    const post = (title: string) => sql`
      insert into position (id, person_id, organization_id, title, kind)
      select gen_random_uuid(), p.id, o.id, ${title}, 'OTHER' from person p, organization o`;
    let second: Promise<unknown> | undefined;
    await one.db.transaction(async (tx) => {
      await tx.execute(post('Treasurer'));
      second = Promise.resolve(other.db.execute(post('Gardener')));
      await sleep(300);
    });
    await second;
    for (const title of ['treasurer', 'gardener']) {
      const { data } = await base.execute(
        `{ search(query: "${title}", filter: { recordType: [PERSON] }) { nodes { node { ... on Person { slug } } } } }`,
      );
      expect(data, title).toEqual({ search: { nodes: [{ node: { slug: 'ann' } }] } });
    }
  });
});
