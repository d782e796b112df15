import type { Database } from '../../src/database/database.js';
import { createChancery } from '../../src/chancery.js';
import type { ChanceryOptions } from '../../src/options.js';
import type { ErrorLog } from '../../src/server/errors/mask.js';
import { importDossier } from '../../src/knowledge/exchange/dossier/import.js';
import type { Role } from '../../src/knowledge/auth/identity.js';
import { bearerOf } from './bearer.js';

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
  /** Sends a query with a role's credentials. */
  executeAs(
    role: Role,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<ExecutionResult>;
  /** Imports a dossier in YAML. */
  importDossier(dossier: string): Promise<void>;
}

/** The endpoint on a database, without a network. Unexpected errors fail the test. */
export function knowledgeBase(
  database: Database,
  options: Partial<ChanceryOptions> = {},
): KnowledgeBase {
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
    // A slow machine is no failure.
    limits: { seconds: 600, waitSeconds: 600 },
    identify: (request) => {
      const role = (['READER', 'EDITOR', 'ADMIN'] as const).find(
        (each) => each === bearerOf(request),
      );
      return role && { id: role.toLowerCase(), name: role.toLowerCase(), role };
    },
    log,
    ...options,
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
      const { bodyAccess } = options;
      await importDossier(database, { name: 'test.yaml', text: dossier }, { bodyAccess });
    },
  };
}
