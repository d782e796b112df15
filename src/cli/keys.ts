import { Command, InvalidArgumentError, Option } from 'commander';
import { createApiKey, listApiKeys, revokeApiKey } from '../knowledge/auth/apiKeys.js';
import { faultOf, maxNameLength } from '../knowledge/auth/author.js';
import type { Role } from '../knowledge/auth/identity.js';
import { withDatabase, withDatabaseToRead } from './database.js';
import { UsageError } from './fail.js';

const create = new Command('create')
  .description('make a key and show it, once')
  .requiredOption('--name <name>', 'whom it stands for, as history will name them')
  .addOption(
    new Option('--role <role>', 'what it allows')
      .choices(['reader', 'editor', 'admin'])
      .makeOptionMandatory(),
  )
  .option('--days <n>', 'for how many days it holds; without it, until it is revoked', days)
  .action(({ name, role, days: holds }: { name: string; role: string; days?: number }) =>
    withDatabase(async (database) => {
      await database.migrate();
      const fault = faultOf(name.trim(), maxNameLength);
      if (fault !== undefined) throw new UsageError(`--name ${fault}`);
      const expiresAt = holds === undefined ? null : new Date(Date.now() + holds * 86_400_000);
      const { id, key } = await createApiKey(database, {
        name: name.trim(),
        role: role.toUpperCase() as Role,
        expiresAt,
      });
      console.log(key);
      console.error(
        `This is the only time that the key is shown. Send it as "Authorization: Bearer …"; chancery keys revoke ${id} ends it.`,
      );
    }),
  );

const list = new Command('list')
  .description('show all keys, without the keys themselves')
  .option('--json', 'one JSON object a line, for programs')
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
              : 'holds';
          const use = lastUsedAt ? `last used ${day(lastUsedAt)}` : 'never used';
          console.log(`${id}  ${role.toLowerCase().padEnd(6)}  ${name}  (${state}, ${use})`);
        }
      }
    }),
  );

const revoke = new Command('revoke')
  .description('end a key at once')
  .argument('<id>', 'the id of the key, as chancery keys list shows it')
  .action((id: string) =>
    withDatabase(async (database) => {
      const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
      if (!isId || !(await revokeApiKey(database, id))) {
        throw new UsageError(`there is no key ${id} that holds; chancery keys list shows them`);
      }
      console.error('revoked');
    }),
  );

export const keysCommand = new Command('keys')
  .description('make, list and revoke API keys')
  .addHelpText(
    'after',
    `
Example:
  chancery keys create --role editor --name "Ann Example" --days 90

It works beside a running server, on the embedded database too.`,
  )
  .addCommand(create)
  .addCommand(list)
  .addCommand(revoke);

// Private:

function days(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 36_500) return value;
  throw new InvalidArgumentError('write a number of days, like 90.');
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
