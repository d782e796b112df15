import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { once } from 'node:events';
import { json, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { stop } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';
import { temporaryFolder } from '../support/temporary.js';
import { served, timed } from './support.js';
import { until } from '../support/waiting.js';

const query = '{ organization(slug: "nato") { name offices { nodes { name } } } }';

describeOnEachServer('chancery serve', ({ newDatabase }) => {
  it('stopped under load, drops no request, ends streams, and exits with 0', async () => {
    const { origin, process: child } = await served(await newDatabase(), {
      CHANCERY_CACHE_MB: '0',
      HOST: '127.0.0.1',
    });
    const streams = await Promise.all(
      [1, 2, 3].map(() =>
        fetch(`${origin}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
          body: JSON.stringify({ query: 'subscription { changed { action } }' }),
        }),
      ),
    );
    const ends = streams.map((stream) => stream.text());
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const outcomes: string[] = [];
    const clients = Array.from({ length: 20 }, async () => {
      for (;;) {
        const outcome = await post(origin, agent);
        if (outcome === 'connection refused') return;
        outcomes.push(outcome);
      }
    });
    await sleep(500);
    // A balancer sees it on an open connection; a new one is not accepted.
    const balancer = new Agent({ keepAlive: true });
    expect(await isReady(origin, balancer)).toEqual({ status: 'ready' });
    const stopping = timed(stop(child));
    await until(async () => (await isReady(origin, balancer)).status === 'not ready');
    const [code, took] = await stopping;
    balancer.destroy();
    await Promise.all(clients);
    agent.destroy();
    expect(new Set(outcomes)).toEqual(new Set(['200']));
    for (const end of await Promise.all(ends)) expect(end).toMatch(/event: complete\ndata:\n\n$/);
    expect(code).toBe(0);
    // Not by force, which comes after 10 s.
    expect(took).toBeLessThan(10_000);
  });

  it('logs an uncaught error, answers running requests, and exits with 1', async () => {
    const fault = join(await temporaryFolder(), 'fault.mjs');
    await writeFile(fault, `process.on('SIGUSR2', () => { throw new Error('a bug'); });`);
    const { origin, process: child } = await served(await newDatabase(), {
      NODE_OPTIONS: `--import=${pathToFileURL(fault).href}`,
    });
    const log = text(child.stdout!);
    const running = request(`${origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        expect: '100-continue',
      },
    });
    running.flushHeaders();
    await once(running, 'continue');
    child.kill('SIGUSR2');
    await sleep(200);
    running.end(body);
    const [response] = (await once(running, 'response')) as [{ statusCode: number }];
    expect(response.statusCode).toBe(200);
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
    expect(await log).toMatch(/"a bug".*uncaught exception; stopping/);
  });
});

// Private:

const body = JSON.stringify({ query });

async function isReady(origin: string, agent: Agent): Promise<{ status: string }> {
  const clientRequest = request(`${origin}/ready`, { agent }).end();
  const [response] = (await once(clientRequest, 'response')) as [NodeJS.ReadableStream];
  return (await json(response)) as { status: string };
}

/** The status of the answer; "refused" when no connection was to be had, or what else went wrong. */
async function post(origin: string, agent: Agent): Promise<string> {
  const clientRequest = request(`${origin}/graphql`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', 'content-length': body.length },
  });
  clientRequest.end(body);
  try {
    const [response] = (await once(clientRequest, 'response')) as [
      NodeJS.ReadableStream & { statusCode: number },
    ];
    await text(response);
    return String(response.statusCode);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ECONNREFUSED' ? 'connection refused' : message;
  }
}
