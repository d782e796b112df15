/** The limits of a WebSocket. */

/** The operations of a socket that are executed at a time, besides event streams. */
export const maxRunning = 32;

/** The bytes that a client may leave unread before its next messages are read. */
export const maxUnsentBytes = 64 * 1024;

export const maxIdLength = 128;

/** How long a client may take to answer the closing of its socket. */
export const closeTimeoutMs = 2000;

/**
 * The messages between two heartbeats that are no operations, such as pings. An operation may be
 * completed by one.
 */
export const maxOtherMessages = 1000;
