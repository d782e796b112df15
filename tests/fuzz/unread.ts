/** Requests that are sent ahead, of which the answers are not read. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Sends them over one connection, and ends it after so many milliseconds. */
export async function sendUnread(
  port: number,
  requests: readonly Buffer[],
  stayMs: number,
): Promise<void> {
  const socket = connect(port, 'localhost');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.pause();
  for (const request of requests) socket.write(request);
  await sleep(stayMs);
  socket.destroy();
}
