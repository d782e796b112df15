import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, run } from '../support/command.js';
import { hosted } from '../support/hosted.js';

describe('chancery erase', () => {
  let folder: string;
  let env: Record<string, string>;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chancery-'));
    env = { CHANCERY_DATA_DIR: join(folder, 'data') };
    file = join(folder, 'people.jsonl');
    const records = [
      { type: 'Person', slug: 'ann-smith', name: 'Ann Smith', identifiers: { wikidata: 'Q1' } },
      { type: 'Article', slug: 'news', title: 'News', body: 'Ann Smith spoke.' },
      { type: 'Person', slug: 'bo', name: 'Bo' },
    ];
    await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    expect(await run(['import', file], env)).toMatchObject({ code: 0 });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('lists first, then erases, and the same file does not bring it back', async () => {
    const dry = await run(['erase', 'ann-smith', '--reason', 'PERSONAL_DATA', '--dry-run'], env);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain('would be erased: 1 × PERSON');
    expect(dry.stdout).toContain('bodies: articles news (article_body.text) × 1: Ann Smith spoke.');
    const done = await run(['erase', 'ann-smith', '--reason', 'personal-data'], env);
    expect(done).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('erased: 1 × PERSON') as unknown,
    });
    expect(done.stderr).toContain('remaining places, which were not selected: 1 × bodies');
    const again = await run(['import', file, '--keep-going'], env);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain(
      `${file}:1: the record was erased from the knowledge base (PERSONAL_DATA`,
    );
    expect(again.stdout).toContain('2 unchanged');
    const exported = await run(['export'], env);
    expect(exported.stdout).not.toContain('ann-smith');
    expect(exported.stdout).toContain('"type":"Erasure"');
  });

  it.each([
    ['an unknown record', ['nobody', '--reason', 'ERROR'], 'no record has the slug or id nobody'],
    ['no reason', ['bo'], "required option '--reason <category>' not specified"],
    ['a reason in words', ['bo', '--reason', 'she asked'], 'Allowed choices are PERSONAL_DATA'],
    ['another place', ['bo', '--reason', 'ERROR', '--also', 'walls'], 'Allowed choices are all'],
  ])('says what is wrong with %s', async (_what, args, message) => {
    const { code, stderr } = await run(['erase', ...args], env);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('linked data', () => {
  const site = hosted();
  it('answers 410 with the reason for what was erased', async () => {
    const { database } = site.chancery;
    const { curate } = await import('../../src/knowledge/curation/curate.js');
    const execute = async () => {
      const reply = await post(site.origin, '{ person(slug: "jens-stoltenberg") { name } }');
      return reply.body['data'];
    };
    // The second answer is from the cache.
    for (let i = 0; i < 2; i++)
      expect(await execute()).toEqual({ person: { name: 'Jens Stoltenberg' } });
    const target = { recordType: 'people', name: { slug: 'jens-stoltenberg' } } as const;
    const edit = { kind: 'erase', target, reason: 'COURT_ORDER', also: [], words: [] } as const;
    await curate(database, [edit], { identity: 'app:test', actor: 'test', reason: null });
    await expect.poll(execute).toEqual({ person: null });
    const reply = await fetch(`${site.origin}/entity/jens-stoltenberg`);
    expect(reply.status).toBe(410);
    expect(await reply.json()).toMatchObject({
      errors: [{ extensions: { code: 'GONE', reason: 'COURT_ORDER' } }],
    });
    expect((await fetch(`${site.origin}/entity/nobody`)).status).toBe(404);
  });
});
