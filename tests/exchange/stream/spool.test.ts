import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Spool } from '../../../src/knowledge/exchange/stream/spool.js';
import { temporaryFolder } from '../../support/temporary.js';

async function all<Item>(spool: Spool<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of spool.items()) items.push(item);
  return items;
}

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

describe('records that wait', () => {
  it('come in the order in which they were added, however many they are', async () => {
    for (const count of [10, 2000, 2001, 9000]) {
      const spool = new Spool<number>();
      const adding = numbers(Math.ceil(count / 700)).map((part) =>
        spool.add(numbers(Math.min(700, count - part * 700), part * 700)),
      );
      await Promise.all(adding);
      expect(await all(spool)).toEqual(numbers(count));
      await spool.dispose();
    }
  });

  it('say which file cannot be written where there is no room for them', async () => {
    const { TMPDIR } = process.env;
    process.env['TMPDIR'] = join(await temporaryFolder(), 'gone');
    onTestFinished(() => {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
    });
    const spool = new Spool<number>();
    await expect(spool.add(numbers(3000))).rejects.toThrow(
      /^cannot write .*gone\/chancery-waiting-.* \(ENOENT\), the temporary file of records that wait/,
    );
    await spool.dispose();
  });

  it('leave no file behind', async () => {
    const { TMPDIR } = process.env;
    const folder = await mkdtemp(join(tmpdir(), 'chancery-spool-test-'));
    process.env['TMPDIR'] = folder;
    onTestFinished(async () => {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
      await rm(folder, { recursive: true, force: true });
    });
    const spool = new Spool<number>();
    const adding = spool.add(numbers(3000));
    await spool.dispose();
    await adding;
    expect(await readdir(folder)).toEqual([]);
  });
});
