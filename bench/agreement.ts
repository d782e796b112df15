import { deepStrictEqual } from 'node:assert/strict';
import type { Contestant, RunningContestant } from './contestants.ts';
import { queries, type QueryName, type Request, type WorkloadName } from './workloads.ts';

const samples = 20;

/** @throws with the query, the variables and both answers, when two contestants disagree */
export async function checkAgreement(
  running: ReadonlyMap<Contestant, RunningContestant>,
  workloads: ReadonlyMap<WorkloadName, Request[]>,
): Promise<void> {
  const [first, ...others] = [...running];
  if (!first) return;
  for (const query of Object.keys(queries) as QueryName[]) {
    for (const request of workloads.get(query)?.slice(0, samples) ?? []) {
      const expected = await responseOf(first, request);
      for (const other of others) {
        const given = await responseOf(other, request);
        try {
          deepStrictEqual(given, expected);
        } catch {
          throw new Error(
            `${first[0].name} and ${other[0].name} disagree about ${query} ${JSON.stringify(request.variables)}:\n${JSON.stringify(expected)}\n${JSON.stringify(given)}`,
          );
        }
      }
    }
  }
}

// Private:

async function responseOf(
  [{ dialect }, { origin }]: [Contestant, RunningContestant],
  request: Request,
): Promise<unknown> {
  const { path, body } = dialect.write(request);
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return dialect.read(request.query, await response.json());
}
