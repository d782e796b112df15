import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { rejection } from '../errors/rejection.js';

/**
 * Requests whose parameters cannot be read are the client's fault. Forms are refused: pages of
 * any site can send them in a visitor's name, without asking.
 */
export const readableParams = (): Plugin => ({
  onRequestParse: ({ request, requestParser, setRequestParser }) => {
    if (isForm(request.headers.get('content-type'))) throw formRefused();
    if (!requestParser) return;
    setRequestParser(async (given) => {
      try {
        return await requestParser(given);
      } catch (error) {
        if (error instanceof GraphQLError || !(error instanceof SyntaxError)) throw error;
        throw rejection('BAD_REQUEST', 'variables and extensions must be written as JSON.', {
          status: 400,
        });
      }
    });
  },
});

// Private:

const isForm = (type: string | null): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)/i.test(type ?? '');

const formRefused = () =>
  rejection('BAD_REQUEST', 'Send the query as JSON, with the content type application/json.', {
    status: 415,
  });
