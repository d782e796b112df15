/** Starts programs that send a server more than it can do; see `flooding.ts`. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Latencies } from './latencies.ts';

export interface Flooding {
  origin: string;
  /** A file of bodies to POST, one a line, which are sent in turn. */
  bodies: string;
  /** How many there are at most. */
  connections: number;
  seconds: number;
  /** Requests a second, whether they are answered or not; undefined: as fast as answers come. */
  rate?: number;
}

export interface Flooded {
  seconds: number;
  sent: number;
  /** Those that were not even sent, since no connection was free. */
  unsent: number;
  unanswered: number;
  /** How many answers there were of each status. */
  statuses: Record<string, number>;
  /** What the program itself took of a core. */
  share: number;
  /** Latencies of answers of 200, and of 429 and 503. */
  served: Latencies;
  rejected: Latencies;
}

export async function flood(flooding: Flooding): Promise<Flooded> {
  const program = fileURLToPath(new URL('flooding.ts', import.meta.url));
  const env = { ...process.env, FLOODING: JSON.stringify(flooding) };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
  return JSON.parse(stdout) as Flooded;
}
