/**
 * Readers and writers at work while PostgreSQL is killed and shut down and started again, time
 * after time: their responses, and the outcome. For a test, and for `npm run restarts`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/database/open.js';
import { readRows } from '../../src/database/database.js';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { sql } from 'drizzle-orm';
import { serve, stop } from '../support/command.js';
import { startPostgres } from '../support/postgres.js';

export interface Restarts {
  restarts: number;
  /** Requests that were answered, and those that were rejected with a clear error. */
  answered: number;
  rejected: number;
  /** Requests that failed in any other way, in words. */
  unclear: string[];
  /** Changes of two records each that were acknowledged, and those of them that are not there. */
  acknowledged: number;
  lost: number;
  /** Changes of which one record is there and the other is not, and those that were made twice. */
  half: number;
  double: number;
  /** From the moment at which PostgreSQL answers until all reading and writing does, in milliseconds. */
  back: number[];
  /** The longest that any request took, in milliseconds. */
  longest: number;
}

/**
 * @param binaries where PostgreSQL is
 * @param print called at each restart
 */
export async function measureRestarts(
  binaries: string,
  restarts: number,
  { readers = 16, writers = 4 } = {},
  print: (line: string) => void = () => {},
): Promise<Restarts> {
  const postgres = await startPostgres(binaries);
  const server = await serve({ DATABASE_URL: postgres.url, CHANCERY_RATE_LIMIT: '0' });
  try {
    const load = new Load(server.origin, await editorsKey(postgres.url));
    const working = load.start(readers, writers);
    const back: number[] = [];
    for (let i = 1; i <= restarts; i++) {
      await sleep(1000);
      const how = i % 2 ? 'killed' : 'shut down';
      await (i % 2 ? postgres.kill() : postgres.shutDown());
      await sleep(500);
      await postgres.start();
      back.push(await load.untilAllIsWell());
      print(`${i}: ${how} and started; all was well ${Math.round(back.at(-1) ?? 0)} ms later`);
    }
    load.stop();
    await working;
    if (server.process.exitCode !== null) load.unclear.push('the server ended');
    return { ...load.figures(), restarts, back, ...(await load.check(postgres.url)) };
  } finally {
    await stop(server.process, 'SIGKILL');
    await postgres.stop();
  }
}

// Private:

const reading = `query ($first: Int) { people(first: $first) { nodes { name } } organization(slug: "nato") { name offices { nodes { name } } } }`;

const writing = `mutation ($operations: [BatchOperation!]!, $key: String) {
  batch(operations: $operations, idempotencyKey: $key) { __typename ... on BatchPayload { changeId } } }`;

async function editorsKey(url: string): Promise<string> {
  const database = await openDatabase({ url }, { poolSize: 1 });
  const { key } = await createApiKey(database, { name: 'editor', role: 'EDITOR' });
  await database.close();
  return key;
}

class Load {
  readonly unclear: string[] = [];
  readonly #origin: string;
  readonly #key: string;
  readonly #acknowledged: string[] = [];
  #answered = 0;
  #rejected = 0;
  #longest = 0;
  #isOver = false;

  constructor(origin: string, key: string) {
    this.#origin = origin;
    this.#key = key;
  }

  async start(readers: number, writers: number): Promise<void> {
    await Promise.all([
      ...Array.from({ length: readers }, (_, i) => this.#read(i)),
      ...Array.from({ length: writers }, (_, i) => this.#write(i)),
    ]);
  }

  stop(): void {
    this.#isOver = true;
  }

  /** Until reading and writing are answered, and the server says that it is ready. */
  async untilAllIsWell(): Promise<number> {
    const began = performance.now();
    for (let i = 0; ; i++) {
      const name = `well-${Math.round(began)}-${i}`;
      const all = await Promise.all([
        fetch(`${this.#origin}/ready`).then(({ ok }) => ok),
        this.#execute(reading, { first: 1 }),
        this.#execute(writing, { operations: operations(name), key: name }),
      ]);
      if (all.every((isWell) => isWell)) return performance.now() - began;
      await sleep(20);
    }
  }

  figures() {
    const { unclear } = this;
    return {
      answered: this.#answered,
      rejected: this.#rejected,
      longest: this.#longest,
      acknowledged: this.#acknowledged.length,
      unclear,
    };
  }

  /** Compares what was acknowledged with what is there. */
  async check(url: string) {
    const database = await openDatabase({ url });
    const rows = await readRows<{ slug: string }>(
      database.db,
      sql`select slug from entity where slug like 'load-%'`,
    );
    await database.close();
    const slugs = rows.map(({ slug }) => slug);
    const there = new Set(slugs);
    const changes = new Set(slugs.map((slug) => slug.slice(0, -2)));
    const isWhole = (name: string): boolean => there.has(`${name}-a`) && there.has(`${name}-b`);
    return {
      lost: this.#acknowledged.filter((name) => !isWhole(name)).length,
      half: [...changes].filter((name) => !isWhole(name)).length,
      double: slugs.length - there.size,
    };
  }

  // Private:

  async #read(reader: number): Promise<void> {
    for (let i = 0; !this.#isOver; i++) {
      if (!(await this.#execute(reading, { first: 1 + ((reader + i) % 50) }))) await sleep(20);
    }
  }

  /** Each change is sent until it is acknowledged, under the same key. */
  async #write(writer: number): Promise<void> {
    for (let i = 0; !this.#isOver; i++) {
      const name = `load-${writer}-${i}`;
      const variables = { operations: operations(name), key: name };
      while (!(await this.#execute(writing, variables))) await sleep(20);
      this.#acknowledged.push(name);
    }
  }

  /** Whether it was answered; else it was rejected, or failed in an unclear way, which is recorded. */
  async #execute(query: string, variables: Record<string, unknown>): Promise<boolean> {
    const began = performance.now();
    try {
      const isChange = query === writing;
      const response = await fetch(`${this.#origin}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(isChange && { authorization: `Bearer ${this.#key}` }),
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      const { data, errors } = JSON.parse(text) as {
        data?: { batch?: { __typename: string } } | null;
        errors?: { message: string; extensions?: { code?: string } }[];
      };
      const isDone = isChange ? data?.batch?.__typename === 'BatchPayload' : Boolean(data);
      if (response.status === 200 && !errors && isDone) {
        this.#answered++;
        return true;
      }
      const code = errors?.[0]?.extensions?.code ?? '';
      if (
        /^50[34]$/.test(String(response.status)) &&
        /^(SERVICE_UNAVAILABLE|TIMEOUT|OVERLOADED)$/.test(code)
      ) {
        this.#rejected++;
      } else this.unclear.push(`${response.status} ${text.slice(0, 300)}`);
    } catch (error) {
      this.unclear.push(String((error as Error).cause ?? error));
    } finally {
      this.#longest = Math.max(this.#longest, performance.now() - began);
    }
    return false;
  }
}

const operations = (name: string) =>
  ['a', 'b'].map((end) => ({ createPerson: { slug: `${name}-${end}`, name } }));
