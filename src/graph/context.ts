import type { GraphQLError } from 'graphql';
import type { Identity } from '../knowledge/auth/identity.js';
import type { CurateOptions } from '../knowledge/curation/curate.js';
import type { Change, Edit } from '../knowledge/curation/edit.js';
import type { RevisionEvents } from '../knowledge/history/revisionEvents.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { View } from '../knowledge/reading/view.js';
import type { Author } from '../knowledge/auth/author.js';
import type { Erasure, ErasureRequest } from '../knowledge/erasure/erasure.js';

/** The points that a client has used and has left in the current minute. */
export interface RateState {
  cost: number;
  limit: number;
  remaining: number;
  resetAt: Date;
}

/** The rate limit of the client that sent the request. */
export interface RateMeter {
  readonly state: RateState;
  /** Takes points for work that goes on after admission, as soon as the client has enough. */
  wait(cost: number, signal: AbortSignal | undefined): Promise<void>;
}

/** The context of a request, as every resolver receives it. */
export interface GraphContext {
  /** The records, in the state that `view` and `asKnownAt` select. */
  knowledge: Knowledge;
  /** Which records the client may read. */
  view: View;
  /** The authenticated client; undefined for an anonymous one. */
  identity?: Identity | undefined;
  /** The moment whose state is read; undefined for the current one. */
  asKnownAt?: Date | undefined;
  /** The id of the request in logs and in the database. */
  requestId?: string | undefined;
  /** Changes records, as one transaction. */
  curate(edits: readonly Edit[], author: Author, options?: CurateOptions): Promise<Change>;
  /** Computes what an erasure would remove; writes nothing. */
  previewErasure(request: ErasureRequest, signal?: AbortSignal): Promise<Erasure>;
  /** Changes as they are committed. */
  events: RevisionEvents;
  /** The last event that a reconnecting client has received, as its request says. */
  lastEventId?: string | undefined;
  /** Aborted when the client disconnects. */
  signal?: AbortSignal | undefined;
  /** Aborted when the client disconnects or the request times out. */
  abortSignal?: AbortSignal | undefined;
  /** Counts long texts before they are read; throws where the response would become too large. */
  response?: { count(bytes: number): void; readonly excess: GraphQLError | undefined } | undefined;
  /** Filters may name existing records only: a subscription would otherwise wait for ever. */
  requireExistingNames?: boolean | undefined;
  /** The client's rate limit; undefined where the server has none. */
  meter?: RateMeter | undefined;
}
