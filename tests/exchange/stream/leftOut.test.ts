import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { csvMapping } from '../../../src/knowledge/exchange/formats/csvMapping.js';
import { run } from '../../support/command.js';
import { temporaryFolder } from '../../support/temporary.js';
import { reading } from './reading.js';

const jsonLines = (...objects: object[]) =>
  objects.map((each) => `${JSON.stringify(each)}\n`).join('');

describe('what is left out is reported with the line of its first occurrence', () => {
  it('in a Popolo document', async () => {
    const text = `{
  "motions": [
    { "id": "m" }
  ],
  "persons": [
    { "id": "1", "name": "Ada" },
    { "id": "2", "name": "Bo", "gender": "male" },
    { "id": "3", "name": "Cy", "gender": "male", "birth_date": "long ago",
      "identifiers": [{ "scheme": "x", "identifier": "${'9'.repeat(501)}" }, "loose"] },
    { "id": "4", "name": "Di", "other_names": [{ "name": "Dee", "lang": "no language", "start_date": "once", "pen": 1 }] }
  ]
}`;
    const { records, skipped, lines } = await reading(text, 'popolo', { scheme: 'f' });
    expect(records).toHaveLength(4);
    expect(records[3]).toMatchObject({ name: 'Di', names: [{ name: 'Dee' }] });
    expect(skipped['gender of persons']).toBe(2);
    expect(lines).toEqual({
      motions: 3,
      'gender of persons': 7,
      'birth_date of persons that is not a date': 8,
      'identifiers of persons': 8,
      'identifiers of persons that are not objects': 8,
      'invalid language of a name of persons': 10,
      'invalid date of a name of persons': 10,
      'pen of other_names of persons': 10,
    });
  });

  it('in FollowTheMoney, fields beside the properties included', async () => {
    const ada = { id: 'a', schema: 'Person', properties: { name: ['Ada'] } };
    const bo = {
      id: 'b',
      schema: 'Person',
      datasets: ['x'],
      first_seen: '2024',
      properties: { name: ['Bo'], gender: ['male'], innCode: ['7'.repeat(501)] },
    };
    const { skipped, lines } = await reading(
      jsonLines(ada, bo, { ...bo, id: 'c' }, { id: 'v', schema: 'Vessel', properties: {} }),
      'ftm',
    );
    expect(skipped['gender of Person']).toBe(2);
    expect(lines).toEqual({
      'datasets of Person': 2,
      'first_seen of Person': 2,
      'gender of Person': 2,
      'identifier of Person that is too long or cannot be stored': 2,
      Vessel: 4,
    });
  });

  it('in a table', async () => {
    const mapping = csvMapping.parse({
      type: 'Person',
      fields: { name: 'name', identifiers: { row: 'id' } },
    });
    const text = 'id,name,party\n1,Ada,\n2,Bo,Left\n3,Cy,Right\n';
    const { skipped, lines } = await reading(text, 'csv', { mapping });
    expect([skipped, lines]).toEqual([{ 'column "party"': 2 }, { 'column "party"': 3 }]);
  });

  it('for so many fields only, where a file has a new one in every object', async () => {
    const persons = Array.from({ length: 3000 }, (_, i) => ({
      id: String(i),
      name: 'Ada',
      [`${'long '.repeat(200)}${i}`]: 1,
      [`field${i}`]: 1,
    }));
    const { skipped } = await reading(JSON.stringify({ persons }), 'popolo');
    expect(Object.keys(skipped).length).toBeLessThanOrEqual(1001);
    expect(Math.max(...Object.keys(skipped).map((key) => key.length))).toBeLessThan(250);
    expect(Object.values(skipped).reduce((sum, count) => sum + count, 0)).toBe(6000);
  });
});

describe('chancery import', () => {
  it('reports for each field how many were left out, and where the first was', async () => {
    const folder = await temporaryFolder();
    const env = { CHANCERY_DATA_DIR: join(folder, 'data') };
    await mkdir(join(folder, 'in'));
    const [one, two] = ['one', 'two'].map((name) => join(folder, 'in', `${name}.popolo.json`));
    const fields = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`f${i}`, 1]));
    const document = (id: string, more: object) =>
      JSON.stringify(
        { persons: [{ id, name: `Person ${id}`, gender: 'f', image: 'x', ...more }] },
        null,
        1,
      );
    await writeFile(one ?? '', document('1', {}));
    await writeFile(two ?? '', document('2', fields));
    const text = await run(['import', one ?? '', two ?? ''], env);
    expect(text.code).toBe(0);
    const printed = text.stderr.split('\n');
    expect(printed).toContain(`${one}:3: left out: 1 × gender of persons`);
    expect(printed).toContain(`${two}:3: left out: 1 × gender of persons`);
    expect(printed.at(-2)).toBe('chancery: left out: 54 × 54 other fields; --json lists them');
    expect(printed).toHaveLength(102);
    const again = await run(['import', one ?? '', two ?? '', '--json'], env);
    expect(again.stderr).toBe('');
    expect(JSON.parse(again.stdout)).toMatchObject({
      created: { people: 0 },
      unchanged: { people: 2 },
      refused: 0,
      leftOut: expect.arrayContaining([
        { what: 'gender of persons', count: 1, first: { file: one, line: 3 } },
        { what: 'f149 of persons', count: 1, first: { file: two, line: 3 } },
      ]) as unknown,
    });
  });
});
