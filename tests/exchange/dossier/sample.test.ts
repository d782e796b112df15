import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { expect, it } from 'vitest';
import { importDossier } from '../../../src/knowledge/exchange/dossier/import.js';
import { fillWithSample, sampleFiles } from '../../../src/knowledge/exchange/dossier/sample.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { counts } from './support.js';

const [sampleFile = ''] = sampleFiles;
const sample = readFileSync(sampleFile, 'utf8');
const seed = fileURLToPath(
  new URL('../../../../shared/seed/nato-to-open-first-asian-office-in-japan.txt', import.meta.url),
);

describeOnEachDatabase('the sample', ({ open }) => {
  it('fills an empty knowledge base once, also when several processes start', async () => {
    const database = await open();
    const filled = await Promise.all([1, 2, 3].map(() => fillWithSample(database)));
    expect(filled.sort()).toEqual([false, false, true]);
    expect(await fillWithSample(database)).toBe(false);

    const again = counts(await importDossier(database, { name: 'sample', text: sample }));
    expect(again).toMatchObject({ created: {}, updated: {}, broken: [] });
    expect(again.unchanged).toMatchObject({ offices: 9, people: 4, articles: 1 });
  });

  it.skipIf(!existsSync(seed))('quotes the report from which it comes word for word', async () => {
    const [, ...lines] = readFileSync(seed, 'utf8').trim().split('\n');
    const report = lines.filter((line) => line !== 'You Might Also Like').join('\n');
    const data = parse(sample) as { articles: { body: string }[] };
    if (data.articles[0]) data.articles[0].body = report;
    const summary = await importDossier(await open(), { name: 'report', data });
    expect(counts(summary)).toMatchObject({ created: { statements: 11 }, broken: [] });
  });
});
