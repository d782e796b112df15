/** HTTP responses to upgrades that are rejected: JSON, as to other requests. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLError } from 'graphql';
import { replyTo } from '../errors/rejection.js';

export function rejectUpgrade(socket: Duplex, rejected: GraphQLError): void {
  const { status, headers, body } = replyTo(rejected);
  const text = JSON.stringify(body);
  const fields = {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${text}`);
}
