// Writes schema.graphql from the build: npm run build && node scripts/printSchema.mjs
import { writeFile } from 'node:fs/promises';
import { printedSchema } from '../dist/graph/schema.js';

await writeFile('schema.graphql', printedSchema());
