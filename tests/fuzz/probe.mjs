// Runs in the server, before it: tells whoever started it how large the heap is, and what nobody caught.
import { setTimeout as sleep } from 'node:timers/promises';

process.on('message', async (message) => {
  if (message !== 'heap') return;
  // What a collection sets free may free more in the next.
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await sleep(50);
  }
  process.send({ heap: process.memoryUsage().heapUsed });
});
process.on('uncaughtExceptionMonitor', (error, origin) => {
  process.send({ uncaught: `${origin}: ${error?.stack ?? error}` });
});
process.channel?.unref();
