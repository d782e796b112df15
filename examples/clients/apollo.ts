import { createHash } from 'node:crypto';
import {
  ApolloClient,
  ApolloLink,
  HttpLink,
  InMemoryCache,
  type TypePolicies,
  type TypePolicy,
} from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { connectionFields, possibleTypes } from 'chancery/client';
import { OperationTypeNode } from 'graphql';
import type { Client } from 'graphql-ws';

/** Each list grows by its next pages, apart from the same list with other filters. */
const typePolicies: TypePolicies = {};
for (const [type, lists] of Object.entries(connectionFields)) {
  const fields: NonNullable<TypePolicy['fields']> = {};
  for (const [field, args] of Object.entries(lists)) fields[field] = relayStylePagination(args);
  typePolicies[type] = { fields };
}

/** Queries are sent by their hash (APQ), subscriptions over a WebSocket. */
export const apolloClient = (url: string, subscriptions: Client, headers = {}): ApolloClient =>
  new ApolloClient({
    cache: new InMemoryCache({ possibleTypes, typePolicies }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(subscriptions),
      ApolloLink.from([
        new PersistedQueryLink({
          sha256: (text) => createHash('sha256').update(text).digest('hex'),
        }),
        new HttpLink({ uri: url, headers }),
      ]),
    ),
  });
