/** The tools for agents, in the order in which they are listed. */
import type { Tool } from './tool.js';
import { entity } from './tools/entity.js';
import { facts } from './tools/facts.js';
import { path } from './tools/path.js';
import { query } from './tools/query.js';
import { schema } from './tools/schema.js';
import { search } from './tools/search.js';
import { statements } from './tools/statements.js';

export const tools: readonly Tool[] = [search, entity, facts, statements, path, query, schema];
