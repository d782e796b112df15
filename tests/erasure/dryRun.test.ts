/** A dry run goes in steps: other requests are answered in between, and it can be aborted. */
import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { readRows, type Database } from '../../src/database/database.js';
import { ChangeAborted } from '../../src/knowledge/curation/curate.js';
import { previewErasure } from '../../src/knowledge/erasure/erase.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase } from '../support/knowledgeBase.js';
import type { ErasureRequest } from '../../src/knowledge/erasure/erasure.js';

const people = 3000;

describeOnEachDatabase('a dry run of erasing', ({ open }) => {
  let database: Database;
  let onStatement: (statement: string) => void = () => {};
  beforeAll(async () => {
    database = await open({ onStatement: (statement) => onStatement(statement) });
    const others = Array.from(
      { length: people },
      (_, i) =>
        `  - { slug: other-${i}, name: Other ${i}, description: ${'Nothing at all. '.repeat(20)} }`,
    );
    await knowledgeBase(database).importDossier(`
people:
  - { slug: zqxann, name: Zqxann Smith }
${others.join('\n')}
  - { slug: last, name: Last, description: A friend of Zqxann Smith }
`);
  });
  const request: ErasureRequest = {
    target: { recordType: 'people', name: { slug: 'zqxann' } },
    reason: 'PERSONAL_DATA',
    also: [],
    words: [],
  };

  it('finds what lies at the end of a long table, a stretch of it at a time, and locks nothing', async () => {
    const statements: string[] = [];
    onStatement = (statement) => void statements.push(statement);
    const { places, records } = await previewErasure(database, request, 100);
    onStatement = () => {};
    expect(records).toEqual({ PERSON: 1 });
    expect(places).toContainEqual(
      expect.objectContaining({ slug: 'last', column: 'entity.description', kind: 'TEXTS' }),
    );
    const steps = statements.filter((text) => /from "public"."entity"\s+where ctid/.test(text));
    expect(steps.length).toBeGreaterThan(1);
    expect(statements.filter((text) => /for update/i.test(text))).toEqual([]);
  });

  it('leaves others their turns', async () => {
    let answered = 0;
    let steps = 0;
    const reads: Promise<unknown>[] = [];
    onStatement = (statement) => {
      if (!statement.includes('ctid') || ++steps !== 2) return;
      reads.push(readRows(database.db, sql`select 1 as one`).then(() => (answered = steps)));
    };
    await previewErasure(database, request, 100);
    onStatement = () => {};
    await Promise.all(reads);
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(steps);
  });

  it('ends between two steps when it is aborted', async () => {
    const controller = new AbortController();
    let steps = 0;
    onStatement = (statement) => {
      if (statement.includes('ctid') && ++steps === 2) controller.abort();
    };
    await expect(previewErasure(database, request, 100, controller.signal)).rejects.toThrow(
      ChangeAborted,
    );
    onStatement = () => {};
    expect(steps).toBe(2);
  });
});
