import { GraphQLError } from 'graphql';

export interface RejectionOptions {
  status: 400 | 401 | 403 | 404 | 415 | 429 | 503 | 504;
  /** Whether those who accept plain JSON get 200, as older clients have it for such errors. */
  spec?: boolean;
  headers?: Record<string, string>;
  /** What more programs may want to know, beside the code. */
  details?: Record<string, unknown>;
}

/**
 * A request that is not carried out: an error for the client with a status of its own, whichever
 * media type it accepts, since nothing of the request has run.
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

/** The server, or its database, has no room for one request more. */
export const overloaded = (): GraphQLError =>
  rejection('OVERLOADED', 'The server has more to do than it can; ask again in a moment.', {
    status: 503,
    headers: { 'Retry-After': '1' },
  });

/** What a refusal says of the reply, and what of it clients get to see. */
export function replyTo(error: GraphQLError) {
  const { http, ...extensions } = error.extensions;
  const { status, headers = {} } = http as Pick<RejectionOptions, 'status' | 'headers'>;
  return { status, headers, body: { errors: [{ message: error.message, extensions }] } };
}

/** Whether an error is one of `refusal`. */
export const isRejection = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.extensions['http'] !== undefined;

/** Whether clients of the older media type get another status. */
export const dependsOnType = ({ extensions }: GraphQLError): boolean =>
  (extensions['http'] as RejectionOptions).spec === true;

// Private:

/** Where a refusal comes from tells nobody anything, and finding out is most of its price. */
function withoutStack<Made>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
