/**
 * Operations that come as requests of Node.js, with their body parsed. The results of plain queries
 * are sent from here, and Yoga handles all other requests.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { RejectionWriter } from '../admission/rejectionWriter.js';
import { dependsOnType, isRejection } from '../errors/rejection.js';
import type { Executor } from '../execution/executor.js';
import type { RequestParams } from '../execution/persisted/persisted.js';
import type { RequestContext } from '../execution/requester.js';
import type { QueryResult } from '../execution/serialize.js';
import { send } from '../responses/send.js';
import { negotiateType } from './contentNegotiation.js';
import type { Yoga } from './yoga.js';

export interface OperationsOptions {
  yoga: Yoga;
  executor: Executor;
  rejectionWriter: RejectionWriter;
}

export class Operations {
  readonly #yoga: Yoga;
  readonly #executor: Executor;
  readonly #rejectionWriter: RejectionWriter;

  constructor({ yoga, executor, rejectionWriter }: OperationsOptions) {
    this.#yoga = yoga;
    this.#executor = executor;
    this.#rejectionWriter = rejectionWriter;
  }

  /** Executes the operation and writes the response. Throws at once where the operation cannot begin. */
  handle(
    raw: IncomingMessage,
    response: ServerResponse,
    body: unknown,
    context: RequestContext,
  ): Promise<void> {
    // Yoga looks for the parsed body on the request of Node.js.
    const passToYoga = (requestContext: RequestContext): Promise<void> =>
      Promise.resolve(this.#yoga(Object.assign(raw, { body }), response, requestContext));
    // Yoga authenticates requests with credentials, if they are not authenticated yet.
    const isPlain =
      raw.method === 'POST' &&
      (raw.headers.authorization === undefined || context.proof !== undefined);
    const type = isPlain ? negotiateType(raw.headers.accept) : undefined;
    const executed = type && this.#executor.executeQuery(body as RequestParams, context);
    if (!type || !executed) return passToYoga(context);
    // Yoga's Fetch API would take as long as all the rest of a small query, so that results
    // without errors are sent from here; and so are rejections, to keep them cheap.
    const respond = (executed: QueryResult): Promise<void> | undefined => {
      const { meter, requestRecord, proof, identity } = context;
      if ('body' in executed) {
        meter?.chargeBytes(executed.body.length);
        const { responses } = this.#executor.admission;
        // As for credentials, see `encodingFor`.
        return send(raw, response, type, executed, responses, identity === undefined);
      }
      const rejected = rejectionIn(executed.result);
      if (!rejected) return passToYoga({ ...executed, requestRecord, proof, identity });
      requestRecord?.note([rejected]);
      this.#rejectionWriter.reject(response, rejected, { meter, type });
      return undefined;
    };
    return executed instanceof Promise
      ? executed.then(respond)
      : inPromise(() => respond(executed));
  }
}

// Private:

/**
 * The rejection of a whole request; that of a field has a path. Yoga handles those whose status
 * depends on the media type.
 */
function rejectionIn({ data, errors = [] }: ExecutionResult): GraphQLError | undefined {
  const [error] = errors;
  const isWhole = data == null && errors.length === 1 && error?.path === undefined;
  return isWhole && isRejection(error) && !dependsOnType(error) ? error : undefined;
}

const inPromise = <Result>(work: () => Result) =>
  new Promise<Awaited<Result>>((resolve) => resolve(work() as Awaited<Result>));
