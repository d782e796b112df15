import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { describeOnEachServer } from '../support/databases.js';
import { execute } from '../support/endpoint.js';
import { openEvents } from '../support/events.js';
import { temporaryFolder } from '../support/temporary.js';
import { editorsKey, opened, served } from './support.js';
import { until } from '../support/waiting.js';

/** Sets the clock of the process that loads it, at a signal, by as many hours as a file says. */
const settable = (file: string): string => `
  import { readFileSync } from 'node:fs';
  const now = Date.now;
  let offset = 0;
  globalThis.Date = class extends Date {
    constructor(...given) {
      if (given.length) super(...given);
      else super(now() + offset);
    }
    static now() { return now() + offset; }
  };
  process.on('SIGUSR2', () => { offset = Number(readFileSync(${JSON.stringify(file)})) * 3_600_000; });`;

describeOnEachServer('a server whose clock is set', ({ newDatabase }) => {
  it('keeps points, deadlines, events and what was made under a key as they are', async () => {
    const url = await newDatabase();
    const folder = await temporaryFolder();
    const [file, hoursFile] = [join(folder, 'clock.mjs'), join(folder, 'hours')];
    await writeFile(file, settable(hoursFile));
    const { origin, process: child } = await served(url, {
      NODE_OPTIONS: `--import=${pathToFileURL(file).href}`,
      CHANCERY_RATE_LIMIT: '300',
      CHANCERY_REQUEST_SECONDS: '3',
      CHANCERY_CACHE_MB: '0',
      CHANCERY_SAMPLE: 'off',
    });
    const authorization = `Bearer ${await editorsKey(url)}`;
    const database = await opened(url);
    const remaining = async (): Promise<number> => {
      const { body } = await execute(origin, '{ rateLimit { remaining } }');
      return (body.data?.['rateLimit'] as { remaining: number }).remaining;
    };
    const clock = async (): Promise<number> => {
      const { body } = await execute(origin, '{ rateLimit { resetAt } }', {}, { authorization });
      return Date.parse((body.data?.['rateLimit'] as { resetAt: string }).resetAt);
    };
    const setClock = async (hours: number): Promise<void> => {
      await writeFile(hoursFile, String(hours));
      child.kill('SIGUSR2');
      await until(async () => Math.abs((await clock()) - Date.now() - hours * 3_600_000) < 600_000);
    };
    const create = async (name: string): Promise<unknown> => {
      const { body } = await execute(origin, making, { name }, { authorization });
      return body.data?.['createPerson'];
    };
    const events = await openEvents(
      origin,
      'subscription { changed { record { ... on Person { name } } } }',
      { authorization },
    );
    const made = [await create('Before')];
    for (const [hours, name] of [
      [1, 'Ahead'],
      [-1, 'Back'],
    ] as const) {
      // A third of a minute's points.
      await execute(origin, large);
      const before = await remaining();
      await setClock(hours);
      // Points neither came with the hour nor went with it.
      const after = await remaining();
      expect(after).toBeLessThan(299);
      expect(after).toBeGreaterThan(before - 5);
      made.push(await create(name));
      // A request under way while the clock is set ends at its deadline, not before.
      await database.db.transaction(async (tx) => {
        await tx.execute(sql`lock table statement in access exclusive mode`);
        const waiting = execute(origin, '{ statements { totalCount } }');
        await sleep(300);
        await setClock(-hours);
        const reply = await waiting;
        expect(reply).toMatchObject({ status: 504, code: 'TIMEOUT' });
        expect(reply.milliseconds).toBeGreaterThan(2900);
      });
    }
    for (const each of made) expect(each).toHaveProperty('changeId');
    // What was made under a key is not made again, whatever the clock says now.
    expect([await create('Before'), await create('Ahead'), await create('Back')]).toEqual(made);
    expect(await events.receive(3)).toEqual(
      ['Before', 'Ahead', 'Back'].map((name) => ({ record: { name } })),
    );
    events.close();
    const people = await execute(origin, '{ people { nodes { name } totalCount } }');
    expect(people.body.data).toMatchObject({ people: { totalCount: 3 } });
  });
});

// Private:

const making = `mutation ($name: String!) {
  createPerson(input: { name: $name }, idempotencyKey: $name) { ... on PersonPayload { changeId person { id name } } } }`;

const large = '{ organizations(first: 100) { nodes { offices(first: 100) { nodes { id } } } } }';
