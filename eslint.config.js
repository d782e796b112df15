import js from '@eslint/js';
import graphql from '@graphql-eslint/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Imports run one way between the floors: no file may import from a floor above its own. */
const floors = ['database', 'knowledge', 'graph', 'server', 'cli'];
const oneWay = floors.slice(0, -1).map((floor, i) => ({
  files: [`src/${floor}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: [
              ...floors.slice(i + 1).map((above) => `**/${above}/**`),
              '**/config.js',
              '**/config/**',
              '**/chancery.js',
              '**/index.js',
              '!**/tables/index.js',
            ],
            message: `${floor} is below; hand in what it needs`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/', 'drizzle/', 'bench/'] },
  { files: ['**/*.{js,mjs,ts}'], extends: [js.configs.recommended] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Arrow functions without a body are this project's way to write a line.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Runs out of stack on types without end, such as GraphQLInputType, a list of which is one.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  {
    files: ['schema.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: 'schema.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      '@graphql-eslint/no-scalar-result-type-on-mutation': 'error',
      '@graphql-eslint/require-nullable-fields-with-oneof': 'error',
      '@graphql-eslint/require-nullable-result-in-root': 'error',
      // Connections also have `nodes`, and payloads have lists: not all lists are of edges. The
      // last page of a search is of no use, and drafts and revisions are edges without a Node.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
      // Records have an id; payloads, edges and parts of a record have none.
      '@graphql-eslint/strict-id-in-types': 'off',
      // `Place.places` are the places within a place, and `Record.recordType` is also a field of
      // types that are no records.
      '@graphql-eslint/no-typename-prefix': 'off',
    },
  },
  ...oneWay,
);
