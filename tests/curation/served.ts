/** Editing over HTTP, at a server that runs as a process of its own. */
import { expect } from 'vitest';
import { readConfig } from '../../src/config.js';
import { openDatabase } from '../../src/database/open.js';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { execute, type Reply } from '../support/endpoint.js';
import { errorFields, type Result } from './support.js';

/** Makes a key for an editor, before a server holds the database. */
export async function editorsKey(env: Record<string, string>, name = 'Ann'): Promise<string> {
  const { database: location } = readConfig(env);
  const database = await openDatabase(location);
  try {
    await database.migrate();
    return (await createApiKey(database, { name, role: 'EDITOR' })).key;
  } finally {
    await database.close();
  }
}

export interface Editor {
  /** Sends any query or mutation with the key. */
  execute(query: string, variables?: Record<string, unknown>): Promise<Reply>;
  /** Executes a mutation, `createPerson(input: …)`, and returns the selected fields of its payload. */
  mutate(call: string, payload?: string): Promise<Result>;
}

export function editorAt(origin: string, key: string): Editor {
  const send = (query: string, variables?: Record<string, unknown>) =>
    execute(origin, query, variables, { authorization: `Bearer ${key}` });
  return {
    execute: send,
    mutate: async (call, payload = '... on MutationPayload { changeId }') => {
      const reply = await send(
        `mutation { result: ${call} { __typename ${errorFields} ${payload} } }`,
      );
      expect(reply.body.errors, JSON.stringify(reply.body)).toBeUndefined();
      return reply.body.data?.['result'] as Result;
    },
  };
}
