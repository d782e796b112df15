import { GraphQLError } from 'graphql';

export interface RejectionOptions {
  status: 400 | 401 | 403 | 404 | 405 | 415 | 429 | 503 | 504;
  /** Whether clients that accept `application/json` get the status 200, as older ones expect. */
  spec?: boolean;
  headers?: Record<string, string>;
  /** Further extensions, besides the code. */
  details?: Record<string, unknown>;
}

/**
 * The rejection of a request: an error with an HTTP status, for each media type, since nothing of
 * the request was executed.
 */
export const rejection = (
  code: string,
  message: string,
  { status, headers, details, spec = false }: RejectionOptions,
): GraphQLError =>
  withoutStack(
    () =>
      new GraphQLError(message, {
        extensions: { code, ...details, http: { status, spec, ...(headers && { headers }) } },
      }),
  );

/** The server, or its database, has no room for another request. */
export const overloaded = (): GraphQLError =>
  rejection('OVERLOADED', 'The server is overloaded; try again later.', {
    status: 503,
    headers: { 'Retry-After': '1' },
  });

/** The HTTP response of a rejection. */
export function replyTo(error: GraphQLError) {
  const { http, ...extensions } = error.extensions;
  const { status, headers = {} } = http as Pick<RejectionOptions, 'status' | 'headers'>;
  return { status, headers, body: { errors: [{ message: error.message, extensions }] } };
}

/** Whether an error was made by `rejection`. */
export const isRejection = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.extensions['http'] !== undefined;

/** Whether the status depends on the media type of the response. */
export const dependsOnType = ({ extensions }: GraphQLError): boolean =>
  (extensions['http'] as RejectionOptions).spec === true;

// Private:

/** A rejection needs no stack trace, which would be most of its cost. */
function withoutStack<Value>(make: () => Value): Value {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
