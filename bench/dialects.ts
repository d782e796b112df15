/** How a request is put to a contestant, and what its answer means. */
import { queries, type QueryName, type Request } from './workloads.ts';

export interface HttpRequest {
  path: string;
  body: string;
}

/** The way of asking that a contestant understands. */
export interface Dialect {
  write(request: Request): HttpRequest;
  /** What the answer says, in the same form for all contestants. */
  read(query: QueryName, answer: unknown): unknown;
}

/** The three letters with which Chancery's ids begin. */
const codes: Record<string, string> = {
  Organization: 'ORG',
  Person: 'PER',
  Office: 'OFF',
  Article: 'ART',
  Statement: 'STA',
};

/** Chancery's own API, which the plain Apollo and Mercurius servers have in part. */
export const chanceryDialect: Dialect = {
  write: ({ query, variables }) => ({
    path: '/graphql',
    body: JSON.stringify({
      query: queries[query],
      variables: query === 'node' ? { id: globalId(variables) } : variables,
    }),
  }),
  read: (_query, answer) => (answer as { data: unknown }).data,
};

/** A server of hand-written statements: one address a query, the variables as its body. */
export const rawDialect: Dialect = {
  write: ({ query, variables }) => ({ path: `/${query}`, body: JSON.stringify(variables) }),
  read: (_query, answer) => answer,
};

// Private:

const globalId = ({ type, id }: Request['variables']): string =>
  `${codes[String(type)]}_${Buffer.from(String(id).replaceAll('-', ''), 'hex').toString('base64url')}`;
