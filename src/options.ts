/** The options of `createChancery`, and their checks: an embedding app may not be written in TypeScript. */
import type { Database } from './database/database.js';
import type { DatabaseLocation, OpenOptions } from './database/open.js';
import { defaultLimits } from './server/admission/limits.js';
import { OptionError } from './server/optionError.js';
import type { ServerOptions } from './server/options.js';

export interface ChanceryOptions extends ServerOptions, Omit<OpenOptions, 'socket'> {
  /**
   * `{ url: 'postgres://…' }`, `{ dataDir: './knowledge' }` or `{ inMemory: true }`; or a database
   * that is open already, which `close` leaves open and to which options of opening do not apply.
   */
  database: DatabaseLocation | Database;
  /** Whether to apply pending migrations first. Default true. */
  migrate?: boolean | undefined;
  /** Whether to fill an empty knowledge base with the sample. Default false. */
  sample?: boolean | undefined;
}

/** @throws OptionError for the first option that is unknown or wrong */
export function checkOptions(options: ChanceryOptions): void {
  if (!isObject(options)) throw wrong('the argument of createChancery', anObject, options);
  check(options, rules, '');
  const { database } = options as { database: ChanceryOptions['database'] | undefined };
  if (!database) throw wrong('database', rules.database, database);
  if (!isOpen(database)) check(database, locations, 'database.');
  check(options.tokens, tokens, 'tokens.');
  check(options.persisted, persisted, 'persisted.');
  check(options.limits, limits, 'limits.');
}

// Private:

/** What a value must be, in words and as a test. */
interface Rule {
  expected: string;
  test: (value: unknown) => boolean;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const anObject: Rule = { expected: 'an object', test: isObject };
const aFunction: Rule = { expected: 'a function', test: (value) => typeof value === 'function' };
const aBoolean: Rule = { expected: 'true or false', test: (value) => typeof value === 'boolean' };
const aText: Rule = { expected: 'a text', test: (value) => typeof value === 'string' };
const aNumber: Rule = {
  expected: 'a number that is not negative',
  test: (value) => typeof value === 'number' && value >= 0,
};
const anyOf = (...values: string[]): Rule => ({
  expected: values.join(' or '),
  test: (value) => values.includes(value as string),
});

/** An object with these methods. */
const having = (expected: string, ...methods: string[]): Rule => ({
  expected,
  test: (value) =>
    isObject(value) &&
    methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
});

type Rules<Options> = Record<keyof Options, Rule>;

const rules: Rules<ChanceryOptions> = {
  database: {
    expected: "{ url }, { dataDir }, { inMemory: true } or another instance's database",
    test: (value) =>
      isObject(value) &&
      (isOpen(value) || ['url', 'dataDir', 'inMemory', 'client'].some((name) => name in value)),
  },
  migrate: aBoolean,
  sample: aBoolean,
  endpoint: {
    expected: 'a path such as /graphql',
    test: (value) => typeof value === 'string' && value.startsWith('/'),
  },
  graphiql: aBoolean,
  introspection: aBoolean,
  cacheMegabytes: aNumber,
  bodyAccess: anyOf('FULL', 'PASSAGES'),
  tokens: anObject,
  identify: aFunction,
  limits: anObject,
  persisted: anObject,
  traced: aBoolean,
  log: having('an object with a method error', 'error'),
  mcp: anObject,
  extend: aFunction,
  federation: aBoolean,
  registry: having('a registry of prom-client', 'registerMetric', 'removeSingleMetric'),
  poolSize: aNumber,
  waitSeconds: aNumber,
  statementSeconds: aNumber,
  onRetry: aFunction,
  onStatement: aFunction,
  shared: aBoolean,
  onNotShared: aFunction,
};

const locations: Rules<{ url: 0; dataDir: 0; inMemory: 0; client: 0 }> = {
  client: anObject,
  url: aText,
  dataDir: aText,
  inMemory: { expected: 'true', test: (value) => value === true },
};

const tokens: Rules<NonNullable<ChanceryOptions['tokens']>> = {
  issuer: aText,
  audience: aText,
  jwksUrl: aText,
  roleClaim: aText,
};

const persisted: Rules<NonNullable<ChanceryOptions['persisted']>> = {
  file: aText,
  only: aBoolean,
  automatic: aBoolean,
};

const limits: Record<string, Rule> = Object.fromEntries(
  Object.keys(defaultLimits).map((name) => [name, aNumber]),
);

const isOpen = (database: object): boolean => 'db' in database;

function check(options: object | undefined, known: Record<string, Rule>, prefix: string): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    const rule = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!rule) {
      throw new OptionError(
        `there is no option ${prefix}${name}; the options are ${Object.keys(known).join(', ')}`,
      );
    }
    if (value !== undefined && !rule.test(value)) throw wrong(`${prefix}${name}`, rule, value);
  }
}

/** The message does not show the value, which may be secret. */
const wrong = (name: string, { expected }: Rule, value: unknown): OptionError =>
  new OptionError(
    `${name} must be ${expected}, but is ${value === null ? 'null' : `of type ${typeof value}`}`,
  );
