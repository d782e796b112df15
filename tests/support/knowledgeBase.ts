import type { Database } from '../../src/database/database.js';
import { createSchema } from '../../src/graph/schema.js';
import { importDossier } from '../../src/knowledge/exchange/dossier/import.js';
import type { Role } from '../../src/knowledge/auth/identity.js';
import { errorMask, type ErrorLog } from '../../src/server/errors/mask.js';
import { Executor } from '../../src/server/execution/executor.js';
import { Contexts } from '../../src/server/execution/contexts.js';
import { Admission } from '../../src/server/admission/admission.js';
import { defaultLimits } from '../../src/server/admission/limits.js';
import { CompiledQueries } from '../../src/server/execution/compiledQueries.js';
import { Persisted } from '../../src/server/execution/persisted/persisted.js';
import { createEndpoint } from '../../src/server/http/yoga.js';

export interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: string[]; extensions?: Record<string, unknown> }[];
}

export interface KnowledgeBase {
  /** Sends a query to the endpoint as a client would. */
  ask(query: string, variables?: Record<string, unknown>, operationName?: string): Promise<Answer>;
  /** The same as somebody with a role. */
  askAs(role: Role, query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Reads a dossier, written as YAML, into the knowledge base. */
  tell(dossier: string): Promise<void>;
}

const schema = createSchema();

/** The endpoint on a database, without a network. Errors that nobody expects fail the test. */
export function knowledgeBase(database: Database): KnowledgeBase {
  const log: ErrorLog = {
    error: ({ err }) => {
      throw err;
    },
  };
  const contexts = new Contexts(database, undefined);
  const admission = new Admission(schema, defaultLimits);
  const operations = new CompiledQueries(schema, admission.documents, errorMask(log));
  const endpoint = createEndpoint({
    schema,
    contexts,
    identify: (credentials) =>
      Promise.resolve(
        credentials ? { name: credentials.toLowerCase(), role: credentials as Role } : undefined,
      ),
    executor: new Executor(
      operations,
      contexts,
      undefined,
      admission,
      new Persisted(admission.documents, { only: false, automatic: false }),
    ),
    endpoint: '/graphql',
    graphiql: false,
    introspection: true,
    slowSeconds: defaultLimits.slowSeconds,
    log,
  });
  const ask = async (
    query: string,
    variables?: Record<string, unknown>,
    operationName?: string,
    role?: Role,
  ) => {
    const response = await endpoint.fetch('http://test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(role && { authorization: role }) },
      body: JSON.stringify({ query, variables, operationName }),
    });
    return (await response.json()) as Answer;
  };
  return {
    ask,
    askAs: (role, query, variables) => ask(query, variables, undefined, role),
    tell: async (dossier) => {
      await importDossier(database, { name: 'test.yaml', text: dossier });
    },
  };
}
