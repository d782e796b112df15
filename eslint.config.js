import js from '@eslint/js';
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
  js.configs.recommended,
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
  ...oneWay,
);
