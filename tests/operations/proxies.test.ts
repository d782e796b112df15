import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/endpoint.js';
import { openEvents } from '../support/events.js';
import { freePort } from '../support/freePort.js';
import { hosted } from '../support/hosted.js';
import { blockIn } from '../support/manual.js';

interface Proxy {
  name: string;
  /** Addresses of this machine that nobody else asks from. */
  clients: [string, string];
  program: string;
  /** What makes a whole file of settings of what the manual shows. */
  settings(folder: string, port: number, shown: string): string;
  /** Words of the manual's block. */
  words: string;
  options(file: string): string[];
  /** What ends it at once, and all its processes. */
  signal: NodeJS.Signals;
}

const proxies: Proxy[] = [
  {
    name: 'nginx',
    clients: ['127.0.0.2', '127.0.0.3'],
    program: '/usr/sbin/nginx',
    words: 'proxy_pass',
    settings: (folder, port, shown) => `
      daemon off; error_log stderr; pid ${folder}/pid;
      ${process.getuid?.() === 0 ? 'user root;' : ''}
      events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`).join('\n')}
        ${shown.replace('server {', `server { listen 127.0.0.1:${port};`)}
      }`,
    options: (file) => ['-c', file],
    signal: 'SIGTERM',
  },
  {
    name: 'Caddy',
    clients: ['127.0.0.4', '127.0.0.5'],
    program: '/usr/bin/caddy',
    words: 'reverse_proxy',
    // A site without a name of its own, as there is nobody here to certify one.
    settings: (_folder, port, shown) =>
      `{\n admin off\n auto_https off\n}\n${shown.replace('knowledge.example.org', `http://127.0.0.1:${port}`)}`,
    options: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
    signal: 'SIGKILL',
  },
];

describe('behind a proxy that is set as docs/operations.md has it', () => {
  const server = hosted({ pointsPerMinute: 60, trustedProxies: ['127.0.0.1'] });
  describe.each(proxies)('$name', (proxy) => {
    if (!existsSync(proxy.program)) return it.skip('is not installed here', () => {});
    let port: number;
    let origin: string;
    beforeAll(async () => {
      port = await freePort();
      origin = `http://127.0.0.1:${port}`;
      const shown = await blockIn('docs/operations.md', proxy.words);
      return startProxy(proxy, port, shown.replace('127.0.0.1:4000', server.origin.slice(7)));
    });
    /** The points that are left to who asks from an address of this machine. */
    const remaining = async (localAddress: string, headers = {}) => {
      const query = '{ rateLimit { remaining } }';
      const clientRequest = request(`${origin}/graphql`, {
        method: 'POST',
        localAddress,
        headers: { 'content-type': 'application/json', ...headers },
      });
      clientRequest.end(JSON.stringify({ query }));
      const [response] = (await once(clientRequest, 'response')) as [NodeJS.ReadableStream];
      const { data } = (await json(response)) as { data: { rateLimit: { remaining: number } } };
      return data.rateLimit.remaining;
    };

    it('knows each client by its own address, whatever it says of itself', async () => {
      const [one, other] = proxy.clients;
      expect(await remaining(one)).toBe(59);
      expect(await remaining(other)).toBe(59);
      expect(await remaining(one, { 'x-forwarded-for': '192.0.2.1' })).toBe(58);
    });

    it('tells events at once', async () => {
      const events = await openEvents(origin, 'subscription { changed { recordType } }');
      await server.chancery.importDossier({
        name: 'test',
        text: `people: [{ slug: ada-${proxy.name.toLowerCase()}, name: Ada }]`,
      });
      expect(await events.receive(1)).toEqual([{ recordType: 'PERSON' }]);
      events.close();
    });

    it('takes requests of almost 1 MB, and none beyond', async () => {
      const body = (bytes: number) =>
        JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(bytes) } });
      const statuses = [1_000_000, 1_100_000].map(async (bytes) => {
        const { status } = await send(`${origin}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: body(bytes),
        });
        return status;
      });
      expect(await Promise.all(statuses)).toEqual([200, 413]);
    });

    it('answers the page of GraphiQL, and what the page asks', async () => {
      const page = await fetch(`${origin}/graphql`, { headers: { accept: 'text/html' } });
      expect(page.status).toBe(200);
      expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'");
      const { status } = await send(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      expect(status).toBe(200);
    });
  });
});

// Private:

/** Starts it, and returns how it is ended. */
async function startProxy(proxy: Proxy, port: number, shown: string): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-proxy-'));
  const file = join(folder, 'settings');
  await writeFile(file, proxy.settings(folder, port, shown));
  const child = spawn(proxy.program, proxy.options(file), {
    env: { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk) => (words += String(chunk)));
  const ended = once(child, 'exit');
  const answers = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`${proxy.program} does not start: ${words}`);
    await sleep(50);
  }
  return async () => {
    child.kill(proxy.signal);
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
}
