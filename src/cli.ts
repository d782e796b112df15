#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { auditCommand } from './cli/audit.js';
import { checkCommand } from './cli/check.js';
import { duplicatesCommand } from './cli/duplicates.js';
import { exportCommand } from './cli/export.js';
import { fail } from './cli/fail.js';
import { importCommand } from './cli/import.js';
import { keysCommand } from './cli/keys.js';
import { migrateCommand } from './cli/migrate.js';
import { serveCommand } from './cli/serve.js';
import { version } from './version.js';

// Variables of the environment go before those of the file.
if (existsSync('.env')) process.loadEnvFile('.env');

const program = new Command('chancery')
  .description(
    'A GraphQL knowledge base of public affairs: which organizations exist, which offices they keep where, who held which post when, who said what, and which article says so.',
  )
  .version(version)
  .addHelpText(
    'after',
    `
Where the knowledge is kept: in PostgreSQL when DATABASE_URL is set, else in an embedded
database in the folder CHANCERY_DATA_DIR (default .chancery).

Exit codes: 0 done · 1 refused (of a file that is refused nothing is written) · 2 wrong use or settings`,
  )
  .showHelpAfterError('(chancery --help shows how it is used)')
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'chancery: ')) })
  .exitOverride();

const commands = [
  serveCommand,
  migrateCommand,
  importCommand,
  exportCommand,
  checkCommand,
  duplicatesCommand,
  auditCommand,
  keysCommand,
];
for (const command of commands) {
  program.addCommand(command.copyInheritedSettings(program));
  for (const below of command.commands) below.copyInheritedSettings(program);
}

await program.parseAsync().catch(fail);
