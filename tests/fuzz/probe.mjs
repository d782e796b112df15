// Runs in the server, before it: tells whoever started it how large the heap is and how many
// sockets are open, how long its turns are, and what nobody caught.
import { setTimeout as sleep } from 'node:timers/promises';
import { watchTurns } from './turns.mjs';

const longestTurn = watchTurns((longTurn) => process.send?.({ longTurn }));

process.on('message', async (message) => {
  if (message === 'turns') process.send({ longestTurn: longestTurn?.() ?? -1 });
  if (message !== 'heap') return;
  // What a collection sets free may free more in the next.
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await sleep(50);
  }
  const sockets = process
    .getActiveResourcesInfo()
    .filter((name) => name === 'TCPSocketWrap').length;
  process.send({ heap: process.memoryUsage().heapUsed, sockets });
});
process.on('uncaughtExceptionMonitor', (error, origin) => {
  process.send({ uncaught: `${origin}: ${error?.stack ?? error}` });
});
process.channel?.unref();
