import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // GraphQL must be one module: the one that Node.js finds for the libraries too.
    // What an app imports under the package's name is, in tests, the source.
    alias: [
      { find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') },
      { find: /^chancery$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
    ],
  },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/support/globalSetup.ts',
    pool: 'forks',
    // Tests wait for servers and processes of their own as much as they compute.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    slowTestThreshold: 2000,
  },
});
