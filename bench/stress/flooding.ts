/**
 * A program that sends a server requests at a fixed rate, whether it answers or not, or as fast
 * as it answers; in a process of its own, over plain sockets, since it shares the processor with
 * the server. Prints what it saw. Its settings come as JSON in the environment; `flood` of
 * `flooder.ts` starts it.
 *
 * Latencies count from when a request was to be sent, so that one that had to wait for its turn
 * here is not flattered.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Flooding, Flooded } from './flooder.ts';
import { latenciesOf } from './latencies.ts';

const settings = JSON.parse(process.env['FLOODING'] ?? '') as Flooding;
const { origin, bodies, connections, seconds, rate } = settings;
const { hostname, port } = new URL(origin);
const requests = readFileSync(bodies, 'utf8')
  .trimEnd()
  .split('\n')
  .map((body) =>
    Buffer.from(
      `POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  );

/** How long answers are waited for when all is sent, in milliseconds. */
const patience = 12_000;

interface Connection {
  socket: Socket;
  /** When the request that it waits for was to be sent. */
  plannedAt: number;
  /** What has come of the answer, where that is not all of it. */
  begun: Buffer | undefined;
}

const idle: Connection[] = [];
/** When those requests were to be sent for which no connection was free. */
const late: number[] = [];
const statuses: Record<string, number> = {};
const [served, rejected]: [number[], number[]] = [[], []];
let [sent, answered, open] = [0, 0, 0];
let [isOver, unsent] = [false, 0];

while (open < Math.min(connections, 2000)) {
  for (let i = 0; i < 50 && open < connections; i++) addConnection();
  while (idle.length < open) await sleep(1);
}
const startedAt = performance.now();
const processorBefore = process.cpuUsage();
const end = startedAt + 1000 * seconds;
if (rate === undefined) {
  for (let next = idle.pop(); next; next = idle.pop()) send(next, performance.now());
  await sleep(end - performance.now());
} else {
  for (let planned = 0, now = startedAt; now < end; now = performance.now()) {
    for (; planned < ((now - startedAt) * rate) / 1000; planned++) {
      plan(startedAt + (planned * 1000) / rate);
    }
    await sleep(1);
  }
}
isOver = true;
unsent = late.length;
late.length = 0;
const processor = process.cpuUsage(processorBefore);
const share = (processor.user + processor.system) / 1e6 / seconds;
const deadline = performance.now() + patience;
while (answered < sent && performance.now() < deadline) await sleep(10);
const seen: Flooded = {
  ...{ seconds, statuses, sent, unsent, share, unanswered: sent - answered },
  ...{ served: latenciesOf(served), rejected: latenciesOf(rejected) },
};
console.log(JSON.stringify(seen));
process.exit();

// Private:

function plan(at: number): void {
  const connection = idle.pop();
  if (connection) return send(connection, at);
  late.push(at);
  if (open < connections) addConnection();
}

function send(connection: Connection, at: number): void {
  connection.plannedAt = at;
  const request = requests[sent++ % requests.length];
  if (request) connection.socket.write(request);
}

function addConnection(): void {
  open++;
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const connection: Connection = { socket, plannedAt: 0, begun: undefined };
  socket.on('connect', () => free(connection));
  socket.on('data', (chunk) => {
    // A server closes connections that were idle for long.
    if (!connection.plannedAt) return;
    const bytes = connection.begun ? Buffer.concat([connection.begun, chunk]) : chunk;
    const status = statusOf(bytes);
    connection.begun = status === undefined ? bytes : undefined;
    if (status !== undefined) note(connection, status);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    open--;
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
    else if (connection.plannedAt) note(connection, 'cut off', false);
  });
}

function note(connection: Connection, status: string, isOpen = true): void {
  const milliseconds = performance.now() - connection.plannedAt;
  statuses[status] = (statuses[status] ?? 0) + 1;
  answered++;
  if (status === '200') served.push(milliseconds);
  else if (status === '503' || status === '429') rejected.push(milliseconds);
  if (isOpen) free(connection);
}

function free(connection: Connection): void {
  connection.plannedAt = 0;
  if (rate === undefined && answered > 0 && !isOver) return send(connection, performance.now());
  const at = late.shift();
  if (at === undefined) idle.push(connection);
  else send(connection, at);
}

/** The status of an answer that is there as a whole. */
function statusOf(bytes: Buffer): string | undefined {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const [, length] = /content-length: (\d+)/i.exec(bytes.toString('latin1', 0, head)) ?? [];
  const isWhole = bytes.length >= head + 4 + Number(length ?? 0);
  return isWhole ? bytes.toString('latin1', 9, 12) : undefined;
}
