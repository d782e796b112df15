import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { ciFiles, fastFiles, filesOnEachDatabase, type Engine } from './tests/suites.js';

const resolve = {
  // GraphQL must be one module: the one that Node.js finds for the libraries too.
  // What an app imports under the package's name is, in tests, the source.
  alias: [
    { find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') },
    { find: /^chancery$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
  ],
};

/** No test fails for being slow: these limits end tests that hang. */
const timeouts = {
  testTimeout: 900_000,
  hookTimeout: 900_000,
  expect: { poll: { timeout: 120_000, interval: 50 } },
};

const onPostgres15 = { testNamePattern: /\(PostgreSQL 15\b/ };

export default defineConfig({
  test: {
    globalSetup: 'tests/support/globalSetup.ts',
    // Tests wait for servers and processes of their own as much as they compute.
    maxWorkers: '100%',
    slowTestThreshold: 2000,
    projects: [
      {
        resolve,
        test: {
          name: 'fast',
          include: fastFiles,
          provide: { engines: ['PGlite', 'PostgreSQL 18'] satisfies Engine[] },
          // Loading the source takes seconds, so the files that run in one process share it.
          isolate: false,
          ...timeouts,
        },
      },
      {
        resolve,
        test: {
          name: 'ci',
          include: ciFiles,
          provide: { engines: ['PGlite', 'PostgreSQL 18', 'PostgreSQL 15'] satisfies Engine[] },
          ...timeouts,
        },
      },
      {
        resolve,
        test: {
          name: 'postgresql-15',
          include: filesOnEachDatabase,
          provide: { engines: ['PostgreSQL 15'] satisfies Engine[] },
          isolate: false,
          ...onPostgres15,
          ...timeouts,
        },
      },
    ],
  },
});
