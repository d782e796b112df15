import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { editorsKey, opened, served } from '../faults/support.js';
import { describeOnEachServer } from '../support/databases.js';
import { execute } from '../support/endpoint.js';

const reading = `{ organization(slug: "nato") { name offices { nodes { name place { name } } } }
  statements { nodes { text speaker { ... on Entity { id } } references { nodes { exact } } } }
  people { nodes { name positions { nodes { title organization { name } } } } } events { nodes { name } } }`;

const writing = `mutation ($name: String!) { createPerson(input: { name: $name }) {
  __typename ... on PersonPayload { person { name } } } }`;

describeOnEachServer('a server of the version before', ({ newDatabase }) => {
  it('goes on reading and writing while a newer one adds tables, columns and indexes', async () => {
    const url = await newDatabase();
    const { origin } = await served(url, { CHANCERY_CACHE_MB: '0' });
    const authorization = `Bearer ${await editorsKey(url)}`;
    const database = await opened(url);
    let isOver = false;
    const keepOn = async (send: (i: number) => ReturnType<typeof execute>): Promise<number> => {
      for (let i = 0; ; i++) {
        const { status, body } = await send(i);
        expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
        if (isOver && i > 10) return i;
      }
    };
    const working = [
      ...[1, 2, 3].map(() => keepOn(() => execute(origin, reading))),
      keepOn((i) => execute(origin, writing, { name: `Person ${i}` }, { authorization })),
    ];
    const tables = [
      'entity',
      'organization',
      'person',
      'office',
      'statement',
      'reference',
      'position',
      'event',
      'revision',
    ];
    for (let round = 0; round < 2; round++) {
      await database.db.transaction(async (tx) => {
        await tx.execute(sql.raw(`create table later_${round} (id int primary key)`));
        for (const table of tables) {
          await tx.execute(sql.raw(`alter table "${table}" add column later_${round} text`));
          await tx.execute(
            sql.raw(`create index later_${table}_${round} on "${table}" (later_${round})`),
          );
        }
      });
    }
    isOver = true;
    for (const count of await Promise.all(working)) expect(count).toBeGreaterThan(10);
  });

  it.each([
    ['entity', 'person'],
    ['person', 'entity'],
  ])('reads again what %s and %s being locked in another order made fail', async (one, other) => {
    const url = await newDatabase();
    const { origin } = await served(url, { CHANCERY_CACHE_MB: '0' });
    const people = '{ people(first: 1) { nodes { name } } }';
    const { body } = await execute(origin, people);
    const database = await opened(url);
    const reading = await database.db.transaction(async (tx) => {
      await tx.execute(sql.raw(`lock table "${one}" in access exclusive mode`));
      const waiting = execute(origin, people);
      await sleep(300);
      // Who waits for longer is the one whom PostgreSQL gives up.
      await tx.execute(sql.raw(`lock table "${other}" in access exclusive mode`));
      return { waiting };
    });
    expect(await reading.waiting).toMatchObject({ status: 200, body });
  });
});
