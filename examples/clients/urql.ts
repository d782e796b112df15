import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { connectionFields, keys, possibleTypes } from 'chancery/client';
import type { Client as SocketClient } from 'graphql-ws';

const resolvers = Object.fromEntries(
  Object.entries(connectionFields).map(([type, lists]) => [
    type,
    Object.fromEntries(Object.keys(lists).map((field) => [field, relayPagination()])),
  ]),
);

export const urqlClient = (url: string, subscriptions: SocketClient): Client =>
  new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      cacheExchange({ keys, possibleTypes, resolvers }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: subscriptions.subscribe(
              { query, variables: variables ?? {} },
              {
                next: ({ data = null, errors }) => sink.next({ data, ...(errors && { errors }) }),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
    ],
  });
