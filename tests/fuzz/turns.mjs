// Runs in the server: how much processor time each turn of its event loop takes.
import { Buffer } from 'node:buffer';
import { openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers';

/** Milliseconds of processor time that this thread had; undefined where the system does not tell. */
function threadTime() {
  if (process.threadCpuUsage) {
    return () => {
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1000;
    };
  }
  try {
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`);
    const buffer = Buffer.alloc(64);
    const read = () => parseInt(buffer.toString('latin1', 0, readSync(file, buffer, 0, 64, 0)), 10);
    return read() > 0 ? () => read() / 1e6 : undefined;
  } catch {
    return undefined;
  }
}

/** A turn that takes longer is reported at its end. */
const longTurnMs = 100;

/**
 * Measures the longest turn of the event loop, in milliseconds of processor time, since the last call of the
 * returned function. A turn is from one check phase to the next: waiting for events in between takes no processor
 * time. The immediate keeps neither the process nor the loop alive.
 *
 * @param {(ms: number) => void} [onLongTurn] Called after each long turn.
 * @returns {(() => number) | undefined} undefined where the system does not measure it
 */
export function watchTurns(onLongTurn) {
  const time = threadTime();
  if (!time) return undefined;
  let last = time();
  let longest = 0;
  const turn = () => {
    const now = time();
    longest = Math.max(longest, now - last);
    if (now - last > longTurnMs) onLongTurn?.(now - last);
    last = now;
    setImmediate(turn).unref();
  };
  turn();
  return () => {
    const result = longest;
    longest = 0;
    return result;
  };
}
