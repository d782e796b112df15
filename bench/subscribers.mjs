// Measures subscribers of one server process, over WebSockets and over event streams: the memory of each, and the time
// until an event is at all of them. `npm run build && node --expose-gc bench/subscribers.mjs [number [kind]]`
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';

const subscription =
  'subscription { changed(recordType: [PERSON]) { cursor action record { id } } }';
const rounds = 10;

if (process.send) await serve();
else await measure(Number(process.argv[2] ?? 1000));

// Private:

/** The server: on an embedded database in memory, without a rate limit. */
async function serve() {
  const { pino } = await import('pino');
  const { createChancery } = await import('../dist/index.js');
  const { createHost } = await import('../dist/server/http/host.js');
  const limits = { streams: 10_000, clientStreams: 10_000 };
  const chancery = await createChancery({ database: { inMemory: true }, limits });
  const logger = pino({ level: 'warn' });
  const host = createHost({ ...chancery, endpoint: '/graphql', logger });
  await host.listen({ port: 0, host: '127.0.0.1' });
  let people = 0;
  process.on('message', async (message) => {
    if (message === 'memory') {
      for (let i = 0; i < 3; i++) globalThis.gc();
      process.send({ rss: process.memoryUsage.rss(), heap: process.memoryUsage().heapUsed });
    } else if (message === 'write') {
      const text = `people: [{ slug: p${++people}, name: Person ${people} }]`;
      await chancery.importDossier({ name: 'bench', text });
      process.send({ written: people });
    } else process.exit();
  });
  process.send({ port: host.server.address().port });
}

async function measure(count) {
  const kinds = { WebSockets: openSocket, 'event streams': openStream };
  for (const [name, open] of Object.entries(kinds)) {
    if (!(process.argv[3] ?? name).includes(name)) continue;
    const server = fork(fileURLToPath(import.meta.url), { execArgv: ['--expose-gc'] });
    const ask = async (message) => {
      const answer = once(server, 'message');
      if (message) server.send(message);
      return (await answer)[0];
    };
    const { port } = await ask();
    // What the first subscriber loads is no part of the others.
    let arrived = () => {};
    const closers = [await open(port, () => arrived())];
    arrived = () => {};
    await ask('write');
    const before = await ask('memory');
    while (closers.length <= count) {
      const some = Array.from({ length: Math.min(50, count + 1 - closers.length) }, () =>
        open(port, () => arrived()),
      );
      closers.push(...(await Promise.all(some)));
    }
    const after = await ask('memory');
    const times = [];
    for (let round = 0; round < rounds; round++) {
      let missing = closers.length;
      const all = new Promise((resolve) => {
        arrived = () => --missing === 0 && resolve();
      });
      await ask('write');
      const committed = performance.now();
      await all;
      times.push(performance.now() - committed);
    }
    const busy = await ask('memory');
    const each = (from, to, key) => `${((to[key] - from[key]) / count / 1024).toFixed(1)} kB`;
    times.sort((a, b) => a - b);
    console.log(
      `${count} ${name}: ${each(before, after, 'rss')} each (heap ${each(before, after, 'heap')}; after ${rounds} events ${each(before, busy, 'rss')}); an event at all in ${times[rounds / 2].toFixed(0)} ms after its commit (median of ${rounds}, at most ${times.at(-1).toFixed(0)} ms)`,
    );
    for (const close of closers) close();
    server.send('exit');
    await once(server, 'exit');
  }
}

async function openSocket(port, arrived) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  const payload = { query: subscription };
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
  // The next message is read when the subscription is open.
  socket.send(JSON.stringify({ type: 'subscribe', id: '2', payload: { query: '{ __typename }' } }));
  await new Promise((resolve) => {
    socket.on('message', (data) => {
      if (data.includes('"complete"')) resolve();
      else if (data.includes('"changed"')) arrived();
    });
  });
  return () => socket.terminate();
}

async function openStream(port, arrived) {
  const path = `/graphql?query=${encodeURIComponent(subscription)}`;
  const headers = { accept: 'text/event-stream' };
  const sent = request({ port, host: '127.0.0.1', path, headers, agent: false }).end();
  sent.on('error', () => {});
  const [response] = await once(sent, 'response');
  await once(response, 'data');
  response.on('data', (chunk) => {
    if (chunk.includes('event: next')) arrived();
  });
  return () => sent.destroy();
}
