#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { fail } from './cli/fail.js';
import { version } from './version.js';

// Variables of the environment take precedence over those of the file.
if (existsSync('.env')) process.loadEnvFile('.env');

const program = new Command('chancery')
  .description(
    'A GraphQL knowledge base of public affairs: which organizations exist, which offices they keep where, who held which post when, who said what, and which article says so.',
  )
  .version(version)
  .addHelpText(
    'after',
    `
Storage: PostgreSQL if DATABASE_URL is set, else an embedded database in the folder
CHANCERY_DATA_DIR (default .chancery).

Exit codes: 0 success · 1 rejected (nothing of a rejected file is written) · 2 usage or settings error`,
  )
  .showHelpAfterError('(chancery --help shows usage)')
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'chancery: ')) })
  .exitOverride()
  .hook('preAction', async () => {
    const { unknownSettings } = await import('./config/unknown.js');
    for (const message of unknownSettings(process.env)) console.error(`chancery: ${message}`);
  });

const commands = {
  serve: async () => (await import('./cli/serve.js')).serveCommand,
  mcp: async () => (await import('./cli/mcp.js')).mcpCommand,
  migrate: async () => (await import('./cli/migrate.js')).migrateCommand,
  import: async () => (await import('./cli/import.js')).importCommand,
  export: async () => (await import('./cli/export.js')).exportCommand,
  check: async () => (await import('./cli/check.js')).checkCommand,
  duplicates: async () => (await import('./cli/duplicates.js')).duplicatesCommand,
  erase: async () => (await import('./cli/erase.js')).eraseCommand,
  audit: async () => (await import('./cli/audit.js')).auditCommand,
  keys: async () => (await import('./cli/keys.js')).keysCommand,
};

// Only the named command is loaded, so that others do not load the server.
const [, , named = ''] = process.argv;
for (const [name, load] of Object.entries(commands)) {
  if (Object.hasOwn(commands, named) && name !== named) continue;
  const command = await load();
  program.addCommand(command.copyInheritedSettings(program));
  for (const below of command.commands) below.copyInheritedSettings(program);
}

await program.parseAsync().catch(fail);
