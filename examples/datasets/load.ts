/**
 * Loads a data set into the knowledge base that the environment names:
 *
 *     npm run dataset -- embassies FOLDER
 *
 * FOLDER holds the files of the data set, each with one JSON object a line.
 */
import { createChancery } from 'chancery';
import { congress } from './congress.ts';
import { embassies } from './embassies.ts';
import { pocom } from './pocom.ts';
import type { StreamRecord } from './rows.ts';
import { wikinews } from './wikinews.ts';

type Loader = (folder: string, warn: (message: string) => void) => AsyncGenerator<StreamRecord>;

const loaders: Record<string, Loader> = { congress, embassies, pocom, wikinews };

const [name = '', folder] = process.argv.slice(2);
const loader = loaders[name];
if (!loader || !folder) {
  console.error(`usage: npm run dataset -- ${Object.keys(loaders).join('|')} FOLDER`);
  process.exit(2);
}
const url = process.env['DATABASE_URL'];
const dataDir = process.env['CHANCERY_DATA_DIR'] ?? '.chancery';
const chancery = await createChancery({ database: url ? { url } : { dataDir }, cacheMegabytes: 0 });
try {
  const records = loader(folder, (message) => console.warn(message));
  const summary = await chancery.importRecords(records, {
    actor: 'dataset',
    reason: `import of ${name}`,
    source: name,
    keepGoing: true,
    onWarning: ({ origin, message }) => console.warn(`record ${origin.line}: ${message}`),
    onRefused: ({ origin, reasons }) =>
      console.warn(`record ${origin.line}: ${reasons.join('; ')}`),
  });
  console.table({
    created: summary.created,
    changed: summary.updated,
    unchanged: summary.unchanged,
  });
  console.log(`${summary.refused} rejected`);
} finally {
  await chancery.close();
}
