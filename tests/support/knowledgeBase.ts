import type { Database } from '../../src/database/database.js';
import { createChancery, type ErrorLog } from '../../src/index.js';
import { importDossier } from '../../src/knowledge/exchange/dossier/import.js';
import type { Role } from '../../src/knowledge/auth/identity.js';

export interface ExecutionResult {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: string[]; extensions?: Record<string, unknown> }[];
}

export interface KnowledgeBase {
  /** Sends a query to the endpoint as a client would. */
  execute(
    query: string,
    variables?: Record<string, unknown>,
    operationName?: string,
  ): Promise<ExecutionResult>;
  /** The same as somebody with a role. */
  executeAs(
    role: Role,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<ExecutionResult>;
  /** Reads a dossier, written as YAML, into the knowledge base. */
  importDossier(dossier: string): Promise<void>;
}

/** The endpoint on a database, without a network. Errors that nobody expects fail the test. */
export function knowledgeBase(database: Database): KnowledgeBase {
  const log: ErrorLog = {
    error: ({ err }) => {
      throw err;
    },
  };
  const chancery = createChancery({
    database,
    migrate: false,
    cacheMegabytes: 0,
    graphiql: false,
    persisted: { automatic: false },
    identify: (role) => ({ id: role.toLowerCase(), name: role.toLowerCase(), role: role as Role }),
    log,
  });
  const execute = async (
    query: string,
    variables?: Record<string, unknown>,
    operationName?: string,
    role?: Role,
  ) => {
    const response = await (
      await chancery
    ).fetch(
      new Request('http://test/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(role && { authorization: `Bearer ${role}` }),
        },
        body: JSON.stringify({ query, variables, operationName }),
      }),
    );
    return (await response.json()) as ExecutionResult;
  };
  return {
    execute,
    executeAs: (role, query, variables) => execute(query, variables, undefined, role),
    importDossier: async (dossier) => {
      await importDossier(database, { name: 'test.yaml', text: dossier });
    },
  };
}
