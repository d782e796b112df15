/** Starts programs that ask a server; see `asking.ts`. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Latencies } from './latencies.ts';

export interface ClientOptions {
  origin: string;
  /** A file of bodies to POST, one a line, which are sent in turn. */
  bodies: string;
  connections: number;
  seconds: number;
  /** How long each connection waits between an answer and its next question, in milliseconds. */
  pause: number;
  /** The address of this machine from which it asks: each is a client of its own. */
  address: string;
  /** Seconds after which no answer is waited for. */
  timeout: number;
}

export interface Seen {
  seconds: number;
  /** How many answers there were of each status. */
  statuses: Record<string, number>;
  /** Latencies in milliseconds of answers of 200, and of 429 and 503. */
  served: Latencies;
  rejected: Latencies;
}

export async function runClients(options: ClientOptions): Promise<Seen> {
  const program = fileURLToPath(new URL('clients.ts', import.meta.url));
  const env = { ...process.env, CLIENTS: JSON.stringify(options) };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
  return JSON.parse(stdout) as Seen;
}
