/** Settings of the tools for agents (MCP). */
import { z } from 'zod';
import { listOf, onOrOff, type Setting } from './setting.js';

export const agentSettings = {
  CHANCERY_MCP: {
    description: 'Whether /mcp serves the tools for agents (Model Context Protocol).',
    expected: 'on or off',
    default: 'on',
    schema: onOrOff,
  },
  CHANCERY_MCP_HOSTS: {
    description:
      'Host names by which agents reach /mcp, besides localhost, addresses and the host of CHANCERY_PUBLIC_URL; the server rejects requests to others, as pages could send them by DNS rebinding. Pages of CHANCERY_CORS_ORIGINS may call it.',
    expected: 'host names separated by commas, such as knowledge.example',
    default: '',
    schema: listOf((name) => /^[\w.-]+$/.test(name)),
  },
  CHANCERY_MCP_KEY: {
    description:
      'API key or token of the agent that runs chancery mcp. Default: none, so that it reads what readers may.',
    expected: 'an API key, or a token, without "Bearer"',
    default: '',
    schema: z
      .string()
      .regex(/^[\w.~+/=-]{1,8192}$/)
      .optional(),
  },
} as const satisfies Record<string, Setting>;
