/** Puts load on a server from a process of its own: wrk where it is installed, else autocannon. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Load {
  /** A file of requests, each line a path, a tab and a JSON body. */
  requests: string;
  /** Where in the file to begin, from 0 to 1. */
  start: number;
  connections: number;
  seconds: number;
}

/** Requests answered, the seconds they took, latencies in milliseconds, requests that failed. */
export interface LoadResult {
  requests: number;
  seconds: number;
  p50: number;
  p99: number;
  errors: number;
}

const wrk = ['/usr/bin/wrk', '/usr/local/bin/wrk', '/opt/homebrew/bin/wrk'].find((path) =>
  existsSync(path),
);

export const loadGenerator = wrk ? 'wrk' : 'autocannon';

export async function putLoad(origin: string, load: Load): Promise<LoadResult> {
  const { requests, start, connections, seconds } = load;
  const env = { ...process.env, REQUESTS: requests, START: String(start) };
  const { stdout } = wrk
    ? await run(
        wrk,
        [
          '-t1',
          `-c${connections}`,
          `-d${seconds}s`,
          '--timeout',
          '10s',
          '-s',
          path('wrk.lua'),
          origin,
        ],
        { env },
      )
    : await run(process.execPath, [path('autocannon.ts')], {
        env: { ...env, ORIGIN: origin, CONNECTIONS: String(connections), SECONDS: String(seconds) },
      });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as LoadResult;
}

// Private:

const run = promisify(execFile);
const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
