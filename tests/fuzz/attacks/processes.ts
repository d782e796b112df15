/** What processes take, as Linux tells it. Processor time does not change on a busy machine. */
import { readFileSync } from 'node:fs';

/** Milliseconds that the main thread of a process had; undefined where the system does not tell. */
export const processorTimeOf = (pid: number): number | undefined =>
  readOrUndefined(
    () => parseInt(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'latin1'), 10) / 1e6,
  );

/** The same of the processes that come from one, together: those of PostgreSQL's connections. */
export const processorTimeOfChildren = (pid: number): number | undefined =>
  readOrUndefined(() =>
    childrenOf(pid).reduce((sum, child) => sum + (processorTimeOf(child) ?? 0), 0),
  );

/**
 * Milliseconds that processes had with all their threads, and with the processes that come from them,
 * also those that ended; undefined where the system does not tell.
 */
export const workOf = (pids: readonly number[]): number | undefined =>
  readOrUndefined(() => pids.reduce((sum, pid) => sum + withChildren(pid), 0));

/** The bytes of memory that a process has; undefined where the system does not tell. */
export const residentOf = (pid: number): number | undefined =>
  readOrUndefined(
    () => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]),
  );

// Private:

function readOrUndefined(read: () => number): number | undefined {
  try {
    const value = read();
    return Number.isNaN(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Of a second: the same on all systems that Node.js runs on. */
const tick = 1000 / 100;

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
    .split(' ')
    .filter(Boolean)
    .map(Number);

function withChildren(pid: number): number {
  const own = ticksOf(pid).slice(0, 4);
  const living = childrenOf(pid).flatMap((child) => {
    try {
      return ticksOf(child).slice(0, 2);
    } catch {
      // It ended meanwhile, and counts among those of its parent from now on.
      return [];
    }
  });
  return tick * [...own, ...living].reduce((sum, ticks) => sum + ticks, 0);
}

/** In user and system mode: its own, and those of its children that ended. */
function ticksOf(pid: number): number[] {
  // Its name, which may have anything in it, is in brackets.
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return fields.slice(11, 15).map(Number);
}
