// Loaded in the server before its code: reports to the parent process the size of the heap, the open sockets,
// the length of turns of the event loop, and uncaught errors.
import { setTimeout as sleep } from 'node:timers/promises';
import { watchTurns } from './turns.mjs';

const maxTurnMs = watchTurns((longTurn) => process.send?.({ longTurn }));

process.on('message', async (message) => {
  if (message === 'turns') process.send({ maxTurnMs: maxTurnMs?.() ?? -1 });
  if (message !== 'heap') return;
  // A collection may make more collectable.
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
