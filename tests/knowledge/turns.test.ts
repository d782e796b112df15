import { describe, expect, it } from 'vitest';
import { Semaphore } from '../../src/knowledge/reading/semaphore.js';

describe('turns', () => {
  /** Work that runs until it is told to end, and what has begun. */
  function works() {
    const begun: string[] = [];
    const ends = new Map<string, (failure?: Error) => void>();
    const work = (name: string) => () =>
      new Promise<string>((resolve, reject) => {
        begun.push(name);
        ends.set(name, (failure) => (failure ? reject(failure) : resolve(name)));
      });
    return { begun, work, end: (name: string, failure?: Error) => ends.get(name)?.(failure) };
  }

  it('are taken in the order in which work comes, so much at a time', async () => {
    const { begun, work, end } = works();
    const turns = new Semaphore(2);
    const done = ['a', 'b', 'c', 'd'].map((name) => turns.within(work(name)));
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
    end('a');
    await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd']);
    end('c');
    end('d');
    expect(await Promise.all(done)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are given on by what fails', async () => {
    const { begun, work, end } = works();
    const turns = new Semaphore(1);
    const failing = turns.within(work('a'));
    const next = turns.within(work('b'));
    end('a', new Error('no'));
    await expect(failing).rejects.toThrow('no');
    await expect.poll(() => begun).toEqual(['a', 'b']);
    end('b');
    expect(await next).toBe('b');
  });
});
