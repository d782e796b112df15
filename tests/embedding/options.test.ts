import { expect, it } from 'vitest';
import { createChancery, OptionError, type ChanceryOptions } from 'chancery';

it.each<[unknown, string]>([
  [undefined, 'the argument of createChancery must be an object, but is of type undefined'],
  ['postgres://localhost/db', 'the argument of createChancery must be an object'],
  [{}, 'database must be { url }, { dataDir }, { inMemory: true } or'],
  [{ database: 'postgres://u:secret@localhost/db' }, 'database must be { url }'],
  [{ database: {} }, 'database must be { url }'],
  [{ database: { url: 5 } }, 'database.url must be a text, but is of type number'],
  [{ database: { inMemory: 'yes' } }, 'database.inMemory must be true, but is of type string'],
  [{ database: { inMemory: true, datadir: '.' } }, 'there is no option database.datadir'],
  [{ identify: 'ann' }, 'identify must be a function, but is of type string'],
  [{ identify: {} }, 'identify must be a function, but is of type object'],
  [{ identity: () => undefined }, 'there is no option identity; the options are database, '],
  [{ endpoint: 'graphql' }, 'endpoint must be a path such as /graphql'],
  [{ log: () => undefined }, 'log must be an object with a method error, but is of type function'],
  [{ registry: {} }, 'registry must be a registry of prom-client'],
  [{ limits: 5 }, 'limits must be an object, but is of type number'],
  [{ limits: { depth: '20' } }, 'limits.depth must be a number that is not negative'],
  [{ limits: { deep: 20 } }, 'there is no option limits.deep'],
  [{ tokens: { issuer: 5 } }, 'tokens.issuer must be a text'],
  [{ persisted: { only: 'on' } }, 'persisted.only must be true or false'],
  [{ bodyAccess: 'NONE' }, 'bodyAccess must be FULL or PASSAGES'],
  [{ sample: null }, 'sample must be true or false, but is null'],
])('createChancery(%j) is rejected by the name of the option', async (options, message) => {
  const isWhole = typeof options !== 'object' || options === null || 'database' in options;
  const given = isWhole || Object.keys(options).length === 0;
  const all = given ? options : { database: { inMemory: true }, ...options };
  const creating = createChancery(all as ChanceryOptions);
  await expect(creating).rejects.toThrow(OptionError);
  await expect(creating).rejects.toThrow(message);
  await expect(creating).rejects.not.toThrow('secret');
});
