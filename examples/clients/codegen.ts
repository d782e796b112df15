import type { CodegenConfig } from '@graphql-codegen/cli';
import { scalarTypes } from 'chancery/client';

const config: CodegenConfig = {
  schema: 'node_modules/chancery/schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    'generated/graphql.ts': {
      plugins: ['typescript', 'typescript-operations'],
      config: { scalars: scalarTypes, strictScalars: true, useTypeImports: true },
    },
  },
};

export default config;
