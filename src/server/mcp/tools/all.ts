/** The tools for agents, in the order in which they are listed. */
import type { Tool } from '../tool.js';
import { entity } from './entity.js';
import { facts } from './facts.js';
import { path } from './path.js';
import { query } from './query.js';
import { schema } from './schema.js';
import { search } from './search.js';
import { statements } from './statements.js';

export const tools: readonly Tool[] = [search, entity, facts, statements, path, query, schema];
