/** What apps see of `createContext`, without the parts of the server. */
import type { DocumentNode } from 'graphql';
import type { ChanceryContext } from '../../graph/extension/context.js';
import type { AppIdentity } from '../auth/appIdentity.js';

/** A request that another server executes. */
export interface AppRequest {
  /** The operation, which may read an earlier state of the knowledge base (`@asKnownAt`). */
  query: string | DocumentNode;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  /** The user whom the app has authenticated; undefined for an anonymous client. */
  identity?: AppIdentity | undefined;
  /** Aborted when the client disconnects. */
  signal?: AbortSignal | undefined;
}

export type CreateContext = (request: AppRequest) => ChanceryContext;
