import { Command, InvalidArgumentError, Option } from 'commander';
import { createApiKey, listApiKeys, revokeApiKey } from '../knowledge/auth/apiKeys.js';
import { faultOf, maxNameLength } from '../knowledge/auth/author.js';
import type { Role } from '../knowledge/auth/identity.js';
import { withDatabase, withDatabaseToRead } from './database.js';
import { UsageError } from './fail.js';

const create = new Command('create')
  .description('create a key and show it once')
  .requiredOption('--name <name>', 'the name of its holder, as shown in history')
  .addOption(
    new Option('--role <role>', 'the role')
      .choices(['reader', 'editor', 'admin'])
      .makeOptionMandatory(),
  )
  .option('--days <n>', 'the number of days until it expires (default: never)', days)
  .action(({ name, role, days: validDays }: { name: string; role: string; days?: number }) =>
    withDatabase(async (database) => {
      await database.migrate();
      const fault = faultOf(name.trim(), maxNameLength);
      if (fault !== undefined) throw new UsageError(`--name ${fault}`);
      const expiresAt =
        validDays === undefined ? null : new Date(Date.now() + validDays * 86_400_000);
      const { id, key } = await createApiKey(database, {
        name: name.trim(),
        role: role.toUpperCase() as Role,
        expiresAt,
      });
      console.log(key);
      console.error(
        `The key is shown only this once. Send it as "Authorization: Bearer …"; chancery keys revoke ${id} revokes it.`,
      );
    }),
  );

const list = new Command('list')
  .description('list all keys, without their secrets')
  .option('--json', 'one JSON object per line')
  .action(({ json }: { json?: boolean }) =>
    withDatabaseToRead(async (database) => {
      for (const key of await listApiKeys(database)) {
        if (json) console.log(JSON.stringify(key));
        else {
          const { id, role, name, expiresAt, revokedAt, lastUsedAt } = key;
          const state = revokedAt
            ? `revoked ${day(revokedAt)}`
            : expiresAt
              ? `${expiresAt < new Date() ? 'expired' : 'expires'} ${day(expiresAt)}`
              : 'valid';
          const use = lastUsedAt ? `last used ${day(lastUsedAt)}` : 'never used';
          console.log(`${id}  ${role.toLowerCase().padEnd(6)}  ${name}  (${state}, ${use})`);
        }
      }
    }),
  );

const revoke = new Command('revoke')
  .description('revoke a key immediately')
  .argument('<id>', 'the id of the key, as chancery keys list shows it')
  .action((id: string) =>
    withDatabase(async (database) => {
      const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
      if (!isId || !(await revokeApiKey(database, id))) {
        throw new UsageError(`there is no valid key ${id}; chancery keys list shows all keys`);
      }
      console.error('revoked');
    }),
  );

export const keysCommand = new Command('keys')
  .description('create, list and revoke API keys')
  .addHelpText(
    'after',
    `
Example:
  chancery keys create --role editor --name "Ann Example" --days 90

This works beside a running server, also with the embedded database.`,
  )
  .addCommand(create)
  .addCommand(list)
  .addCommand(revoke);

// Private:

function days(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 36_500) return value;
  throw new InvalidArgumentError('must be a number of days, such as 90.');
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
