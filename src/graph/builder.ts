import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import type { Author, Edit } from '../knowledge/curation/edit.js';
import type { Change, CurateOptions } from '../knowledge/curation/curate.js';
import type { Erasure, ErasureRequest } from '../knowledge/erasure/erase.js';
import { mayEdit, mayErase, type Identity } from '../knowledge/auth/identity.js';
import type { View } from '../knowledge/reading/view.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { RevisionEvents } from '../knowledge/history/revisionEvents.js';
import type { RateState } from './rateLimit.js';

/** What counts the points of a request. */
export interface Counted {
  readonly state: RateState;
  /** Takes the points of work that goes on, as soon as there are enough. */
  wait(cost: number, signal: AbortSignal | undefined): Promise<void>;
}

/** What every resolver is handed. */
export interface GraphContext {
  /** In the state that the asker may see and asks for. */
  knowledge: Knowledge;
  /** For whom it is read. */
  view: View;
  /** Who asks; undefined for anybody. */
  identity?: Identity | undefined;
  /** Which moment's knowledge is read; undefined for now's. */
  asKnownOn?: Date | undefined;
  /** What the request is told by in logs and in the database. */
  requestId?: string | undefined;
  /** Changes the knowledge base. */
  curate(edits: readonly Edit[], author: Author, options?: CurateOptions): Promise<Change>;
  /** Tells what an erasure would take; writes nothing. */
  previewErasure(request: ErasureRequest, signal?: AbortSignal): Promise<Erasure>;
  /** What changes from now on. */
  events: RevisionEvents;
  /** The last event that a client has seen that connects again, as it says itself. */
  lastEventId?: string | undefined;
  /** Tells when the client has gone. */
  signal?: AbortSignal | undefined;
  /** Aborted when the client has gone or was answered that the time is up. */
  abortSignal?: AbortSignal | undefined;
  /** Counts long texts before they are read for the answer; throws where they would be too much. */
  response?: { count(bytes: number): void; readonly excess: GraphQLError | undefined } | undefined;
  /** Filters may name only what is there: what waits for changes would else wait for ever. */
  everyNameMustBeThere?: boolean | undefined;
  /** What the client may still ask for; undefined where nobody counts. */
  meter?: Counted | undefined;
}

export interface GraphTypes {
  Context: GraphContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    PartialDate: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Locale: { Input: string; Output: string };
    URL: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
  AuthScopes: {
    /** May write, review and see drafts. */
    editor: boolean;
    /** May erase. */
    admin: boolean;
  };
}

/**
 * The schema in the making. Each file of this folder adds the types of one subject;
 * `schema.ts` closes it.
 */
export const builder = new SchemaBuilder<GraphTypes>({
  defaultFieldNullability: false,
  plugins: [ScopeAuthPlugin],
  scopeAuth: {
    authScopes: ({ identity }) => ({ editor: mayEdit(identity), admin: mayErase(identity) }),
    unauthorizedError: (_parent, { identity }, info) =>
      refusal(identity, info.fieldName, mayEdit(identity) ? 'admins' : undefined),
  },
});

// Private:

function refusal(identity: Identity | undefined, field: string, whom = 'editors'): GraphQLError {
  return identity
    ? new GraphQLError(`${field} is for ${whom}; ${identity.name} is none`, {
        extensions: { code: 'FORBIDDEN' },
      })
    : new GraphQLError(
        `${field} is for editors: send an API key or a token of one, as "Authorization: Bearer …"`,
        { extensions: { code: 'UNAUTHENTICATED' } },
      );
}
