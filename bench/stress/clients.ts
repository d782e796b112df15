/**
 * A program that asks a server for a while, in a process of its own, and prints what it saw.
 * Its settings come as JSON in the environment; `ask` of `asker.ts` starts it.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientOptions, Seen } from './client.ts';
import { latenciesOf } from './latencies.ts';

const { origin, bodies, connections, seconds, pause, address, timeout } = JSON.parse(
  process.env['CLIENTS'] ?? '',
) as ClientOptions;
const all = readFileSync(bodies, 'utf8').trimEnd().split('\n');
const agent = new Agent({ keepAlive: true, maxSockets: connections, localAddress: address });
const statuses: Record<string, number> = {};
const [served, rejected]: [number[], number[]] = [[], []];
const end = performance.now() + 1000 * seconds;
let next = 0;
await Promise.all(
  Array.from({ length: connections }, async (_, i) => {
    // Not all at once.
    await sleep((pause * i) / connections);
    while (performance.now() < end) {
      await sendOnce(all[next++ % all.length] ?? '');
      if (pause) await sleep(pause);
    }
  }),
);
agent.destroy();
const seen: Seen = {
  seconds,
  statuses,
  served: latenciesOf(served),
  rejected: latenciesOf(rejected),
};
console.log(JSON.stringify(seen));

// Private:

async function sendOnce(body: string): Promise<void> {
  const sentAt = performance.now();
  const status = await new Promise<number | string>((resolve) => {
    const sent = request(
      `${origin}/graphql`,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        timeout: timeout * 1000,
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', () => resolve('cut off'));
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve('no answer'));
    sent.end(body);
  });
  statuses[status] = (statuses[status] ?? 0) + 1;
  if (status === 200) served.push(performance.now() - sentAt);
  else if (status === 503 || status === 429) rejected.push(performance.now() - sentAt);
}
