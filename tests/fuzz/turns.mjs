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

/** Of such a turn it is told at once, in milliseconds. */
const long = 100;

/**
 * The longest turn since it was last asked for. A turn is from one check phase to the next: what waits
 * for events in between takes no processor time. The immediate keeps neither the process nor the loop going.
 *
 * @param {(ms: number) => void} [tell] Told of each turn that is long.
 * @returns {(() => number) | undefined} undefined where it cannot be told
 */
export function watchTurns(tell) {
  const time = threadTime();
  if (!time) return undefined;
  let last = time();
  let longest = 0;
  const turn = () => {
    const now = time();
    longest = Math.max(longest, now - last);
    if (now - last > long) tell?.(now - last);
    last = now;
    setImmediate(turn).unref();
  };
  turn();
  return () => {
    const told = longest;
    longest = 0;
    return told;
  };
}
