import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child {
  pid: number;
  /** The next line that it prints; undefined when it ends without one. */
  nextLine(): Promise<string | undefined>;
  /** Lets it end by itself: its standard input ends. */
  finish(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it as `kill -9` does, and resolves to the printed lines that were not read. */
  kill(): Promise<string[]>;
}

/**
 * Runs a module's text in a process of its own, which can import from the build:
 *
 *     startChild(`import { openDatabase } from './dist/database/open.js'; …`, dataDir)
 *
 * @param args what the module finds from `process.argv[1]` on
 */
export function startChild(module: string, ...args: string[]): Child {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', module, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const line = await lines.next();
    return line.done ? undefined : line.value;
  };
  return {
    pid: child.pid ?? 0,
    nextLine,
    finish: async () => {
      child.stdin.end();
      await ended;
    },
    signal: (signal) => child.kill(signal),
    kill: async () => {
      child.kill('SIGKILL');
      const unread: string[] = [];
      for (let line = await nextLine(); line !== undefined; line = await nextLine()) {
        unread.push(line);
      }
      await ended;
      return unread;
    },
  };
}
