/** Sends different requests over a fixed number of connections and times each. */
import { Agent, request } from 'node:http';

export interface Timing {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  errors: number;
  count: number;
}

/** Every body is sent once, or as many as the time allows. */
export async function timeRequests(
  origin: string,
  path: string,
  bodies: readonly string[],
  connections: number,
  seconds: number,
): Promise<Timing> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let errors = 0;
  let next = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  const lane = async () => {
    while (next < bodies.length && performance.now() < end) {
      const body = bodies[next++] ?? '';
      const begun = performance.now();
      const answer = await post(agent, origin + path, body);
      times.push(performance.now() - begun);
      if (answer.includes('"errors"')) errors++;
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  const elapsed = (performance.now() - start) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return {
    perSecond: times.length / elapsed,
    p50: at(0.5),
    p99: at(0.99),
    errors,
    count: times.length,
  };
}

// Private:

function post(agent: Agent, url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => resolve(text));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
