import { Command } from 'commander';
import { pino } from 'pino';
import { createChancery } from '../chancery.js';
import { readConfig, type Config } from '../config.js';
import { openBeside } from '../database/open.js';
import { chanceryOptions, createLogger } from './options.js';

export const mcpCommand = new Command('mcp')
  .description('serve the tools for agents (Model Context Protocol) over standard input and output')
  .addHelpText(
    'after',
    `
Agents start it themselves; docs/agents.md shows how to configure them. It reads the knowledge base
of the settings, beside a running server too. CHANCERY_MCP_KEY is the API key whose rights it has;
without one it reads what readers may. Messages are written to standard error.`,
  )
  .action(() => serveAgent(readConfig(process.env)));

// Private:

async function serveAgent(config: Config): Promise<void> {
  // Standard output belongs to the protocol.
  const logger = createLogger(config, pino.destination(process.stderr.fd));
  const options = {
    poolSize: config.poolSize,
    waitSeconds: config.waitSeconds,
    onRetry: (message: string) => logger.warn(message),
  };
  const database = await openBeside(config.database, {
    ...options,
    statementSeconds: config.limits.seconds,
    shared: true,
    onNotShared: (reason) => logger.warn(reason),
  });
  try {
    const chancery = await createChancery({ ...chanceryOptions(config, logger), database });
    const { mcpKey, pointsPerMinute } = config;
    await chancery.mcp.serveStdio({
      ...{ input: process.stdin, output: process.stdout, pointsPerMinute },
      authorization: mcpKey === undefined ? undefined : `Bearer ${mcpKey}`,
      onError: (error) => logger.warn({ err: error }, 'a message was not understood'),
    });
    await chancery.close();
  } finally {
    await database.close();
  }
}
