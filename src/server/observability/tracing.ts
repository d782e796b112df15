/**
 * Tracing in terms of OpenTelemetry: a span for each request, within it one for its operation, and
 * one for each batch of keys. A batch serves many requests: its parent is the one that requested
 * keys first, and it links to the others.
 */
import type { IncomingMessage } from 'node:http';
import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Link,
  type Span,
  type SpanOptions,
} from '@opentelemetry/api';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { version } from '../../version.js';
import type { RequestRecord, OperationName } from './requestRecord.js';

/** The maximum length of a statement's text. */
const maxTextLength = 4000;

/** The maximum number of requests that a batch links to. */
const maxLinks = 50;

/** The trace of a request. */
export interface RequestTrace {
  readonly id: string;
  /** Runs a function in the context of the request. */
  within<Result>(work: () => Result): Result;
  end(requestRecord: RequestRecord, status: number): void;
}

export class Tracing {
  readonly #tracer = trace.getTracer('chancery', version);
  /** The requests with keys in a pending batch. */
  readonly #askers = new WeakMap<object, Set<Span>>();

  /** Starts the span of a request, within the client's if the request has a `traceparent`. */
  request({ method = 'GET', headers }: IncomingMessage, path: string): RequestTrace {
    const above = propagation.extract(context.active(), headers);
    const attributes = { 'http.request.method': method, 'url.path': path };
    const options = { kind: SpanKind.SERVER, attributes };
    const span = this.#tracer.startSpan(`${method} ${path}`, options, above);
    const inside: Context = trace.setSpan(above, span);
    return {
      id: span.spanContext().traceId,
      within: (work) => context.with(inside, work),
      end: ({ id, code }, status) => {
        span.setAttributes({ 'http.response.status_code': status, 'chancery.request_id': id });
        if (code !== undefined) span.setAttribute('chancery.error_code', code);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  operation<Result>(
    requested: OperationName | undefined,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const { type = 'unreadable', name } = requested ?? {};
    const attributes = { 'graphql.operation.type': type, 'graphql.operation.name': name };
    const title = name === undefined ? type : `${type} ${name.slice(0, 100)}`;
    return this.#span(title, { attributes }, async (span) => {
      const result = await run();
      const [error] = errorsOf(result);
      const code = error && String(error.extensions['code']);
      if (code === 'INTERNAL_SERVER_ERROR') span.setStatus({ code: SpanStatusCode.ERROR });
      return result;
    });
  }

  keyRequested(batch: object): void {
    const span = trace.getActiveSpan();
    if (!span) return;
    const askers = this.#askers.get(batch);
    if (!askers) this.#askers.set(batch, new Set([span]));
    else if (askers.size < maxLinks) askers.add(span);
  }

  fetched<Result>(
    batch: object,
    shape: string,
    keys: number,
    fetch: () => Promise<Result>,
  ): Promise<Result> {
    const links: Link[] = [...(this.#askers.get(batch) ?? [])]
      .slice(1)
      .map((span) => ({ context: span.spanContext() }));
    const attributes = {
      'db.system.name': 'postgresql',
      'chancery.batch.keys': keys,
      'chancery.batch.shape': shape.slice(0, maxTextLength),
    };
    const [what = ''] = /^\w*/.exec(shape) ?? [];
    const options = { kind: SpanKind.CLIENT, attributes, links };
    return this.#span(`batch ${what}`.trim(), options, fetch);
  }

  /** An SQL statement is sent: an event of the current span. Its text contains no values. */
  statement(text: string): void {
    const attributes = { 'db.query.text': text.slice(0, maxTextLength) };
    trace.getActiveSpan()?.addEvent('sql', attributes);
  }

  // Private:

  #span<Result>(
    name: string,
    options: SpanOptions,
    run: (span: Span) => Promise<Result>,
  ): Promise<Result> {
    return this.#tracer.startActiveSpan(name, options, async (span) => {
      try {
        return await run(span);
      } catch (error) {
        // The message is logged redacted instead.
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  }
}

// Private:

/** The errors of a result, or of a response with one. */
function errorsOf(outcome: unknown): readonly GraphQLError[] {
  const { errors, result } = outcome as ExecutionResult & { result?: ExecutionResult };
  return errors ?? result?.errors ?? [];
}
