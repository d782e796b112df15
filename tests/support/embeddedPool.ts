/**
 * Embedded databases in memory that tests use one after the other. Opening one takes half a
 * second of processor time, putting back the content that it began with a tenth of it.
 */
import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { inject } from 'vitest';
import { embeddedExtensions } from '../../src/database/embedded.js';
import { readTemplate } from '../../src/database/embedded/template.js';

/** What a database holds when a test takes it: migrated tables without records, or with the sample. */
export type Filling = 'empty' | 'sample';

/** An open database. Closing it returns it to the pool. */
export async function takeEmbedded(filling: Filling): Promise<PGlite> {
  const free = pool[filling];
  const taken = free.pop() ?? (await Pooled.open(filling));
  return taken.lend(() => {
    if (free.length < maxFree) free.push(taken);
    else void taken.client.close();
  });
}

// Private:

/** Each takes 100 MB and more; few tests use more than this at a time. */
const maxFree = 3;

const pool: Record<Filling, Pooled[]> = { empty: [], sample: [] };

class Pooled {
  private constructor(
    readonly client: PGlite,
    readonly catalog: string,
    readonly content: Content,
  ) {}

  static async open(filling: Filling): Promise<Pooled> {
    const template =
      filling === 'empty'
        ? await readTemplate()
        : new Blob([await readFile(inject('sampleTemplate'))]);
    if (!template) throw new Error('the build has made no template');
    const client = await PGlite.create({
      extensions: embeddedExtensions,
      loadDataDir: template,
    });
    return new Pooled(client, await catalogOf(client), await contentOf(client));
  }

  /** The client until it is closed; what still uses it after that fails. */
  lend(onReturn: () => void): PGlite {
    const { client } = this;
    const listening = new Set<() => Promise<void>>();
    let closed: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      for (const stop of listening) await stop();
      if (await this.#reset()) onReturn();
      else await client.close();
    };
    const listen: PGlite['listen'] = async (channel, callback, tx) => {
      const stop = await client.listen(channel, callback, tx);
      listening.add(stop);
      return async (transaction) => {
        if (listening.delete(stop)) await stop(transaction);
      };
    };
    return new Proxy(client, {
      get(_, name) {
        if (name === 'closed') return closed !== undefined;
        if (name === 'close') return () => (closed ??= close());
        const value: unknown = name === 'listen' ? listen : Reflect.get(client, name, client);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (closed) return Promise.reject(new Error('PGlite is closed'));
          return Reflect.apply(value, client, args);
        };
      },
    });
  }

  /** Whether the database is again as it was opened. */
  async #reset(): Promise<boolean> {
    const { client, catalog, content } = this;
    await client.exec('rollback');
    await client.exec('discard all');
    if ((await catalogOf(client)) !== catalog) return false;
    const { rows } = await client.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
        where relkind = 'r' and oid >= 16384 and pg_relation_size(oid) > 0`,
    );
    await client.transaction(async (tx) => {
      // Neither triggers nor foreign keys.
      await tx.exec('set local session_replication_role = replica');
      if (rows.length > 0) {
        await tx.exec(`truncate ${rows.map(({ name }) => name).join()} restart identity cascade`);
      }
      for (const { insert, data } of content.tables) await tx.query(insert, [data]);
      for (const { setval } of content.sequences) await tx.query(setval);
      await tx.exec('delete from pg_statistic where starelid >= 16384');
    });
    if (content.isAnalyzed) await client.exec('analyze');
    return true;
  }
}

interface Content {
  /** Statements that insert all rows of a table, and the rows as JSON. */
  tables: { insert: string; data: string }[];
  sequences: { setval: string }[];
  /** Whether the planner has statistics. */
  isAnalyzed: boolean;
}

async function contentOf(client: PGlite): Promise<Content> {
  const { rows } = await client.query<{ name: string; columns: string }>(
    `select attrelid::regclass::text as name, string_agg(quote_ident(attname), ',' order by attnum) as columns
      from pg_attribute join pg_class on pg_class.oid = attrelid
      where relkind = 'r' and attrelid >= 16384 and attnum > 0 and not attisdropped and attgenerated = ''
      group by 1`,
  );
  const tables: Content['tables'] = [];
  for (const { name, columns } of rows) {
    const result = await client.query<{ data: string | null }>(
      `select json_agg(row)::text as data from (select ${columns} from ${name}) as row`,
    );
    const [{ data } = { data: null }] = result.rows;
    const insert = `insert into ${name} (${columns}) overriding system value
      select ${columns} from json_populate_recordset(null::${name}, $1::json)`;
    if (data !== null) tables.push({ insert, data });
  }
  const { rows: sequences } = await client.query<{ setval: string }>(
    `select format('select setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename),
        coalesce(last_value, start_value), last_value is not null) as setval from pg_sequences`,
  );
  const { rows: statistics } = await client.query(
    'select from pg_statistic where starelid >= 16384 limit 1',
  );
  return { tables, sequences, isAnalyzed: statistics.length > 0 };
}

/** What differs when tables, functions, triggers or constraints are no longer the same. */
async function catalogOf(client: PGlite): Promise<string> {
  const { rows } = await client.query(
    `select
      (select json_agg(row(attrelid, attname, atttypid, attnotnull) order by attrelid, attnum)
        from pg_attribute where attrelid >= 16384) as columns,
      (select json_agg(row(tgrelid, tgname, tgenabled, tgfoid) order by oid)
        from pg_trigger where not tgisinternal or tgenabled <> 'O') as triggers,
      (select json_agg(row(oid, proname, md5(prosrc), proconfig) order by oid)
        from pg_proc where oid >= 16384) as functions,
      (select json_agg(row(oid, conname, convalidated) order by oid)
        from pg_constraint where oid >= 16384) as constraints,
      (select json_agg(row(indexrelid, indisvalid) order by indexrelid)
        from pg_index where indexrelid >= 16384) as indexes,
      (select json_agg(row(oid, nspname) order by oid) from pg_namespace where oid >= 16384) as schemas,
      (select json_agg(row(oid, rolname) order by oid) from pg_authid where oid >= 16384) as roles,
      (select json_agg(row(setdatabase, setrole, setconfig)) from pg_db_role_setting) as settings`,
  );
  return JSON.stringify(rows);
}
