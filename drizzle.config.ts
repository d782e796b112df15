import { defineConfig } from 'drizzle-kit';

/** `npm run migration:generate` compares these tables with the last migration. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/database/tables/index.ts',
  out: './drizzle',
});
