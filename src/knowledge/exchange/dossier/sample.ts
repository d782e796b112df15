/** The sample knowledge base, imported into an empty database on request. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import type { Database } from '../../../database/database.js';
import { article, entity, erasure } from '../../../database/tables/index.js';
import type { BodyAccess } from '../../validation/bodyAccess.js';
import { importInto } from './import.js';
import { lockWriting } from '../../writing/lock.js';

/** The dossiers of the sample; the path is the same from `src/` and from `dist/`. */
export const sampleFiles: readonly string[] = ['nato-office-in-japan.yaml'].map((name) =>
  fileURLToPath(new URL(`../../../../sample/${name}`, import.meta.url)),
);

/**
 * Imports the sample if there are no entities and no articles. Safe to call from several servers at
 * once.
 *
 * @param bodyAccess Of its articles. Default `FULL`.
 * @returns false if the knowledge base was not empty
 */
export async function fillWithSample(
  database: Database,
  bodyAccess?: BodyAccess,
): Promise<boolean> {
  const texts = await Promise.all(sampleFiles.map((file) => readFile(file, 'utf8')));
  return database.db.transaction(async (tx) => {
    await lockWriting(tx);
    const [state] = await tx
      .select({
        used: sql<boolean>`exists (select from ${entity}) or exists (select from ${article}) or exists (select from ${erasure})`,
      })
      .from(sql`(select) as nothing`);
    if (state?.used) return false;
    for (const [i, text] of texts.entries()) {
      const name = `sample/${sampleFiles[i]?.split(/[\\/]/).at(-1)}`;
      await importInto(
        tx,
        { name, text },
        {
          actor: 'sample',
          identity: 'chancery:sample',
          bodyAccess,
        },
      );
    }
    return true;
  });
}
