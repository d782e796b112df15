/** Sends the requests of a file in turn, where wrk is not installed. Prints what wrk.lua prints. */
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const { ORIGIN = '', REQUESTS = '', START = '0', CONNECTIONS = '1', SECONDS = '1' } = process.env;
const requests = readFileSync(REQUESTS, 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const [path = '', body = ''] = line.split('\t');
    return { method: 'POST' as const, path, body, headers: { 'content-type': 'application/json' } };
  });
const connections = Number(CONNECTIONS);
let client = 0;
const result = await autocannon({
  url: ORIGIN,
  connections,
  duration: Number(SECONDS),
  // Each connection goes round a stretch of its own, so that no two send the same.
  setupClient: (connection) => {
    const from = Math.floor(requests.length * ((Number(START) + client++ / connections) % 1));
    const to = from + Math.ceil(requests.length / connections);
    connection.setRequests([...requests, ...requests].slice(from, to));
  },
});
console.log(
  JSON.stringify({
    requests: result.requests.total,
    seconds: result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.errors + result.timeouts + result.non2xx,
  }),
);
