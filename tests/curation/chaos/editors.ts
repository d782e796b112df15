/** Editors at work over HTTP, on a server that dies and comes again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { serve, stop, type RunningServer } from '../../support/command.js';
import { randomEdits, World, type EditResult, type RandomEdit } from './edits.js';

export interface Work {
  /** The settings of the server. */
  env: Record<string, string>;
  key: string;
  clients: number;
  edits: number;
  kills: number;
  seed: number;
}

/** An edit and what it was answered in the end. */
export interface Acknowledged {
  edit: RandomEdit;
  result: EditResult;
}

export interface WorkDone {
  acknowledged: Acknowledged[];
  /** How often an answer did not come and the same was sent again. */
  retries: number;
}

/** Makes the edits; the server is killed as `kill -9` does at even distances among them. */
export async function work({ env, key, clients, edits, kills, seed }: Work): Promise<WorkDone> {
  let server = await serve(env);
  const world = new World();
  const acknowledged: Acknowledged[] = [];
  let [begun, retries] = [0, 0];

  const client = async (number: number): Promise<void> => {
    const next = randomEdits(world, seed * 1000 + number, `c${number}`);
    while (begun < edits) {
      begun++;
      const edit = next();
      const result = await untilAnswered(edit);
      if (result.changeId) {
        world.changes.push(result.changeId);
        edit.learn(result);
      }
      acknowledged.push({ edit, result });
    }
  };

  const untilAnswered = async (edit: RandomEdit): Promise<EditResult> => {
    for (let attempt = 0; attempt < 600; attempt++) {
      const result = await send(server, key, edit);
      if (result) return result;
      retries++;
      await sleep(50);
    }
    throw new Error(`no answer to ${edit.token}`);
  };

  const killer = async (): Promise<void> => {
    for (let kill = 1; kill <= kills; kill++) {
      const due = (edits * kill) / (kills + 1);
      while (acknowledged.length < due) await sleep(5);
      await stop(server.process, 'SIGKILL');
      server = await serve(env);
    }
  };

  try {
    await Promise.all([killer(), ...Array.from({ length: clients }, (_, i) => client(i))]);
  } finally {
    await stop(server.process, 'SIGKILL');
  }
  return { acknowledged, retries };
}

// Private:

/** Undefined where no answer came. An answer with errors is none that an edit may get. */
async function send(
  { origin }: RunningServer,
  key: string,
  { query, variables }: RandomEdit,
): Promise<EditResult | undefined> {
  let text: string;
  try {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables }),
    });
    text = await response.text();
    // Overloaded, or out of time: whether it was carried out is not said.
    if (response.status >= 503) return undefined;
  } catch {
    return undefined;
  }
  const { data, errors } = JSON.parse(text) as {
    data?: { result: EditResult };
    errors?: unknown[];
  };
  if (errors || !data) throw new Error(`${text}, to ${query} ${JSON.stringify(variables)}`);
  return data.result;
}
