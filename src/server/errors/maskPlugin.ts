import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { GraphContext } from '../../graph/context.js';
import type { MaskError } from './mask.js';

/**
 * Masks errors as Yoga does, which comes after it and finds nothing left, but knows of which
 * request they are, so that the log can tell.
 */
export const maskErrors = (mask: MaskError): Plugin<GraphContext> => {
  const masked = (result: ExecutionResult, { requestId }: GraphContext): ExecutionResult => ({
    ...result,
    ...(result.errors && { errors: result.errors.map((error) => mask(error, requestId)) }),
  });
  return {
    onExecute: ({ args }) => ({
      onExecuteDone: ({ result, setResult }) => {
        if (!isAsyncIterable(result)) {
          setResult(masked(result, args.contextValue));
        }
      },
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult: ({ result, setResult }) => {
        if (isAsyncIterable(result)) {
          return {
            onNext: (next) => next.setResult(masked(next.result, args.contextValue)),
          };
        }
        setResult(masked(result, args.contextValue));
        return undefined;
      },
    }),
  };
};
