import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import jsonld from 'jsonld';
import { beforeAll, describe, expect, it } from 'vitest';
import { run, serve, stop, type RunningServer } from '../../support/command.js';
import { describeOnEachServer } from '../../support/databases.js';
import { temporaryFolder } from '../../support/temporary.js';

const nato = { type: 'Organization', slug: 'nato', name: 'NATO', kind: 'ALLIANCE' };
const person = (i: number) => ({
  type: 'Person',
  slug: `person-${i}`,
  name: `Person ${i}`,
  identifiers: { test: String(i) },
});
const lines = (...records: object[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

describe('chancery import and export', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chancery-'));
    return () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const env = () => ({ CHANCERY_DATA_DIR: join(folder, 'data') });

  it('read a stream from the standard input and write it to a packed file', async () => {
    const stream = lines(nato, person(1));
    const read = await run(['import', '-', '--format', 'jsonl'], env(), stream);
    expect(read).toEqual({
      code: 0,
      stdout: '2 created, 0 changed, 0 unchanged, 0 rejected\n',
      stderr: '',
    });
    const again = await run(['import', '-', '--format', 'jsonl'], env(), stream);
    expect(again.stdout).toBe('0 created, 0 changed, 2 unchanged, 0 rejected\n');
    const written = await run(['export', '-o', file('all.jsonl.gz')], env());
    expect(written).toMatchObject({ code: 0, stdout: '' });
    const text = gunzipSync(await readFile(file('all.jsonl.gz'))).toString();
    const copy = await run(['import', file('all.jsonl.gz')], {
      CHANCERY_DATA_DIR: join(folder, 'copy'),
    });
    expect(copy.stdout).toBe('2 created, 0 changed, 0 unchanged, 0 rejected\n');
    const { stdout } = await run(['export'], { CHANCERY_DATA_DIR: join(folder, 'copy') });
    expect(stdout).toBe(text);
  });

  it('stop at a wrong record, or go on and put it aside', async () => {
    await writeFile(file('wrong.jsonl'), lines(person(2), { ...person(3), birthDate: '2023-13' }));
    const message = `${file('wrong.jsonl')}:2: "birthDate" "2023-13" is a date that does not exist: correct it\n`;
    const stopped = await run(['import', file('wrong.jsonl')], env());
    expect(stopped).toMatchObject({ code: 1, stdout: '', stderr: message });
    const gone = await run(
      ['import', file('wrong.jsonl'), '--keep-going', '--refused', file('refused.jsonl')],
      env(),
    );
    expect(gone).toEqual({
      code: 1,
      stdout: '1 created, 0 changed, 0 unchanged, 1 rejected\n',
      stderr: `chancery: 1 record rejected; see ${file('refused.jsonl')}\n`,
    });
    expect(JSON.parse(await readFile(file('refused.jsonl'), 'utf8'))).toMatchObject({
      line: 2,
      record: { type: 'Person', slug: 'person-3' },
    });
  });

  it('show what a table would become, and read it', async () => {
    await writeFile(file('offices.csv'), 'Name,Of\nOffice in Kyiv,nato\n');
    await writeFile(
      file('offices.map.yaml'),
      'type: Office\nfields: { slug: { value: office-kyiv }, name: Name, organization: Of, kind: { value: LIAISON } }\n',
    );
    const options = [file('offices.csv'), '--map', file('offices.map.yaml')];
    const shown = await run(['import', ...options, '--dry-run'], env());
    expect(JSON.parse(shown.stdout)).toEqual({
      type: 'Office',
      slug: 'office-kyiv',
      name: 'Office in Kyiv',
      organization: 'nato',
      kind: 'LIAISON',
    });
    expect((await run(['import', ...options], env())).stdout).toMatch(/^1 created/);
    const table = await run(['export', '--format', 'csv', '--type', 'Office'], env());
    expect(table.stdout.split('\r\n')[1]).toMatch(/^office-kyiv,Office in Kyiv,.*,nato,LIAISON,/);
  });

  it.each([
    [['import', 'x.txt'], 'the format of x.txt is not clear from its name: give it with --format'],
    [['import', 'x.yaml', '--dry-run'], '--dry-run does not apply to dossiers: use chancery check'],
    [
      ['import', 'x.yaml', '--keep-going'],
      '--keep-going does not apply to dossiers, which are imported completely or not at all',
    ],
    [['import', 'x.csv'], 'csv requires --map, the mapping of columns to fields'],
    [['import', 'nowhere.jsonl'], 'cannot read nowhere.jsonl (ENOENT)'],
    [['export', '--format', 'csv'], 'csv requires exactly one --type'],
    [
      ['import', 'package.json', '--format', 'jsonl', '--refused', '/nowhere/x.jsonl'],
      'cannot write /nowhere/x.jsonl (ENOENT)',
    ],
    [['export', '-o', '/nowhere/x.jsonl'], 'cannot write /nowhere/x.jsonl (ENOENT)'],
  ])('say how they are used: %j', async (args, message) => {
    const { code, stderr } = await run(args, env());
    expect([code, stderr]).toEqual([2, `chancery: ${message}\n`]);
  });

  it('report what may be one and the same', async () => {
    const people = [
      { ...person(10), name: 'Jens Stoltenberg', birthDate: '1959' },
      { ...person(11), name: 'Stoltenburg, Jens', birthDate: '1959-03-16' },
      { ...person(12), name: 'Jens Stoltenberg', birthDate: '1931' },
    ];
    await run(['import', '-', '--format', 'jsonl'], env(), lines(...people));
    const { stdout } = await run(['duplicates', '--least', '0.6'], env());
    expect(stdout.split('\n').filter((line) => line.includes('toltenb'))).toEqual([
      expect.stringMatching(/^0\.\d\d person person-1[01] \(.*\) – person-1[01] \(.*\)$/),
    ]);
  });

  it('write JSON-LD and FollowTheMoney that others can read', async () => {
    const { stdout } = await run(
      ['export', '--format', 'jsonld', '--base', 'https://kb.example/'],
      env(),
    );
    const quads = (await jsonld.toRDF(JSON.parse(stdout) as object, {
      format: 'application/n-quads',
    })) as unknown as string;
    expect(quads).toContain('<https://kb.example/entity/nato> <https://schema.org/name> "NATO" .');
    expect(quads).toContain(
      '<https://kb.example/entity/nato> <https://schema.org/location> <https://kb.example/entity/office-kyiv> .',
    );
    const entities = (await run(['export', '--format', 'ftm'], env())).stdout;
    await writeFile(file('back.ftm.json'), entities);
    const back = await run(['import', file('back.ftm.json')], {
      CHANCERY_DATA_DIR: join(folder, 'back'),
    });
    expect(back).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a single record', () => {
  let server: RunningServer;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chancery-'));
    server = await serve({ CHANCERY_DATA_DIR: folder, CHANCERY_SAMPLE: 'on' });
    return async () => {
      await stop(server.process);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    };
  });

  it('is served as JSON-LD at its address, and can be revalidated', async () => {
    const address = `${server.origin}/entity/nato`;
    const response = await fetch(address, { headers: { accept: 'application/ld+json' } });
    expect(response.headers.get('content-type')).toBe('application/ld+json; charset=utf-8');
    const document = (await response.json()) as object;
    const [node] = (await jsonld.expand(document)) as Record<string, unknown>[];
    expect(node).toMatchObject({
      '@id': address,
      'https://schema.org/name': [{ '@value': 'NATO' }],
    });
    const etag = response.headers.get('etag') ?? '';
    const again = await fetch(address, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    const article = await fetch(
      `${server.origin}/article/nato-to-open-first-asian-office-in-japan`,
    );
    expect(await article.json()).toMatchObject({ '@type': 'NewsArticle' });
  });

  it('is reported as missing, or as available to programs only', async () => {
    const missing = await fetch(`${server.origin}/entity/nobody`);
    expect([missing.status, await missing.json()]).toMatchObject([
      404,
      { errors: [{ message: 'There is no entity with the slug "nobody".' }] },
    ]);
    const page = await fetch(`${server.origin}/entity/nato`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(406);
  });
});

describeOnEachServer('an import that is killed', ({ newDatabase }) => {
  it('goes on where it was, with nothing doubled and nothing half-written', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'people.jsonl');
    const count = 12_000;
    await writeFile(file, lines(...Array.from({ length: count }, (_, i) => person(i))));
    const env = { DATABASE_URL: await newDatabase() };
    await run(['migrate'], env);
    const child = spawn(process.execPath, ['dist/cli.js', 'import', file], {
      env: { ...process.env, ...env },
    });
    setTimeout(() => child.kill('SIGKILL'), 1500);
    await once(child, 'close');
    const { code, stdout } = await run(['import', file], env);
    expect(code).toBe(0);
    const [created, , unchanged] = [...stdout.matchAll(/\d+/g)].map(Number);
    expect((created ?? 0) + (unchanged ?? 0)).toBe(count);
    expect((await run(['import', file], env)).stdout).toBe(
      `0 created, 0 changed, ${count} unchanged, 0 rejected\n`,
    );
  });
});

describe('chancery import of a table in another encoding', () => {
  it('is reported with file and line, and reads it if the encoding is given', async () => {
    const folder = await temporaryFolder();
    const [table, map] = [join(folder, 'windows-1252.csv'), join(folder, 'rows.map.yaml')];
    const bytes = [...Buffer.from('id,name\n1,Ada\n2,B'), 0xf6, ...Buffer.from('rse\n')];
    await writeFile(table, Buffer.from(bytes));
    await writeFile(map, 'type: Person\nfields: { name: name, identifiers: { row: id } }\n');
    const env = { CHANCERY_DATA_DIR: join(folder, 'data') };
    const wrong = await run(['import', table, '--map', map], env);
    expect(wrong).toEqual({
      code: 1,
      stdout: '',
      stderr: `${table}:3: the file is not UTF-8: save it as UTF-8, or give its encoding, as in --encoding windows-1252\n`,
    });
    const read = await run(['import', table, '--map', map, '--encoding', 'windows-1252'], env);
    expect(read).toMatchObject({ code: 0, stderr: '' });
    expect((await run(['export'], env)).stdout).toContain('"name":"Börse"');
    const unknown = await run(['import', table, '--map', map, '--encoding', 'windows1252'], env);
    expect(unknown.stderr).toBe(
      'chancery: the encoding "windows1252" is unknown (did you mean "windows-1252"?): use utf-8, utf-16le, utf-16be, windows-1252, or another name of the WHATWG Encoding Standard\n',
    );
  });
});
