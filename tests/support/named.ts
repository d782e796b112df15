/** How queries are named in place of being sent. */
import { createHash } from 'node:crypto';
import type { Endpoint, Reply } from './endpoint.js';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A hash as clients of Apollo send it. */
export const hashed = (sha256Hash: unknown) => ({ persistedQuery: { version: 1, sha256Hash } });

export const post = (endpoint: Endpoint, body: unknown, headers?: Record<string, string>) =>
  endpoint.send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

export const get = (endpoint: Endpoint, parameters: Record<string, string>): Promise<Reply> =>
  endpoint.send(`/graphql?${String(new URLSearchParams(parameters))}`);
