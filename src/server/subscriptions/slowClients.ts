/** Clients that are silent, or that read their events too slowly. */
import { GraphQLError } from 'graphql';

/** Many proxies close a connection that is silent for a minute. */
export const heartbeatMs = 12_000;

/** How long a client may take to read the last event. */
export const lastEventTimeoutMs = 60_000;

/** The last event of a client that does not read in time. */
export const tooSlow = (): GraphQLError =>
  new GraphQLError(
    'The events were not read in time; reconnect with the id of the last event received.',
    { extensions: { code: 'EVENTS_LOST' } },
  );
