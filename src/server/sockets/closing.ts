/** The codes and reasons with which a WebSocket is closed. */

/** Those of the protocol, and 1001 and 1013 of RFC 6455. */
export const closeCodes = {
  goingAway: 1001,
  unsupportedData: 1003,
  tryAgainLater: 1013,
  badRequest: 4400,
  unauthenticated: 4401,
  tooManyMessages: 4429,
  internalError: 4500,
} as const;

/** A reason has up to 123 bytes. */
export const fitting = (reason: string): string =>
  Buffer.byteLength(reason) <= 123 ? reason : 'See the log of the server';
