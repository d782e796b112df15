/** Migrations: SQL files made by drizzle-kit, each applied once and whole. */
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { readRows, type Queryable } from './database.js';

/** The same folder seen from `src/` and from `dist/`. */
export const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** Of all advisory locks in a database, the one held while migrating ("chan" in ASCII). */
export const migrationLock = 0x6368616e;

/** Whether every migration has been applied, which is so at all starts but the first after an update. */
export async function isUpToDate(db: Queryable): Promise<boolean> {
  const applied = new Set(await appliedMigrations(db));
  const names = (await readdir(migrationsFolder)).filter((name) => /^\d{14}_/.test(name));
  return names.every((name) => applied.has(name));
}

/** Runs `apply` and tells which migrations it added, by name. */
export async function newMigrations(
  db: Queryable,
  apply: () => Promise<unknown>,
): Promise<string[]> {
  const before = new Set(await appliedMigrations(db));
  await apply();
  return (await appliedMigrations(db)).filter((name) => !before.has(name));
}

async function appliedMigrations(db: Queryable): Promise<string[]> {
  const [table] = await readRows<{ exists: boolean }>(
    db,
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
  );
  if (!table?.exists) return [];
  const applied = await readRows<{ name: string }>(
    db,
    sql`select name from drizzle.__drizzle_migrations order by id`,
  );
  return applied.map(({ name }) => name);
}
